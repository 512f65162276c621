import { readFileSync, writeFileSync } from 'node:fs';

/** Peak resident memory of a running process in MB, as the kernel counts it; null where it does not say (not Linux, gone). */
export function peakMemory(pid: number): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line?.[1] === undefined ? null : Number(line[1]) / 1000;
  } catch {
    return null;
  }
}

/** Counts the peak of a running process anew from what it uses now, so that one step's is not taken for the next one's. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Without it the peak is that of the whole run, which is no less than the step's.
  }
}
