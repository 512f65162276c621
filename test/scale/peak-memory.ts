import { readFileSync } from 'node:fs';

/** Peak resident memory of a running process in MB, as the kernel counts it; null where it does not say (not Linux, gone). */
export function peakMemory(pid: number): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line?.[1] === undefined ? null : Number(line[1]) / 1000;
  } catch {
    return null;
  }
}
