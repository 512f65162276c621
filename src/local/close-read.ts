import type { Disk } from './disk.ts';

/** Closes what was only read. The handle is gone whatever the disk says then, and what was read of it stands. */
export function closeRead(disk: Pick<Disk, 'closeSync'>, handle: number): void {
  try {
    disk.closeSync(handle);
  } catch {
    // Some network disks answer with what went wrong before.
  }
}
