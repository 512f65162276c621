import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shiftedClock } from '../faults/hooks.ts';
import type { RealDevice } from '../faults/real-device.ts';
import { type RealWorld, realWorld } from '../faults/real-world.ts';
import { tempFolder } from '../helpers/temp.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';

export interface SoakDevice {
  readonly real: RealDevice;
  readonly home: SmallDisk;
  readonly folder: SmallDisk;
  start(): Promise<void>;
  /** Starts it if it does not run. */
  ensure(): Promise<void>;
  /** Its wall clock is off by so many milliseconds. */
  shiftClock(ms: number): void;
}

/** A server and watching devices, of which each home, each folder and the server's data lie on a small disk of their own. */
export interface SoakWorld {
  readonly real: RealWorld;
  readonly devices: readonly SoakDevice[];
  readonly serverDisk: SmallDisk;
  close(): Promise<void>;
}

/** Null where no disk can be mounted. */
export async function soakWorld(count: number): Promise<SoakWorld | null> {
  const disks: SmallDisk[] = [];
  const sizes = [1500, ...Array.from({ length: count }, () => [60, 200]).flat()];
  for (const size of sizes) {
    const disk = await smallDisk(size);
    if (disk === null) return null;
    disks.push(disk);
  }
  const [serverDisk, ...others] = disks as [SmallDisk, ...SmallDisk[]];
  const pairs = Array.from({ length: count }, (_, i) => others.slice(2 * i, 2 * i + 2) as [SmallDisk, SmallDisk]);
  const clocks = await tempFolder('clocks');
  const real = await realWorld({
    data: join(serverDisk.folder, 'data'),
    devices: pairs.map(([home, folder]) => ({
      home: join(home.folder, 'home'),
      folder: join(folder.folder, 'folder'),
    })),
  });
  const devices = pairs.map(([home, folder], i): SoakDevice => {
    const device = real.devices[i] as RealDevice;
    const clock = join(clocks, String(i));
    let hasEnded = true;
    const start = async (): Promise<void> => {
      const child = await device.startDaemon(shiftedClock(clock));
      hasEnded = false;
      void child.finished.then(() => {
        if (device.daemon === child || device.daemon === null) hasEnded = true;
      });
    };
    return {
      real: device,
      home,
      folder,
      start,
      ensure: async () => {
        if (device.daemon === null || hasEnded) await start();
      },
      shiftClock: (ms) => writeFileSync(clock, String(ms)),
    };
  });
  for (const device of devices) await device.start();
  return {
    real,
    devices,
    serverDisk,
    close: async () => {
      await real.close();
      for (const disk of disks) disk.remove();
    },
  };
}

/** How many files a process has open. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
