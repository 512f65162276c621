import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it started, by /proc. */
export function withDescendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const of = (parent: number): number[] => [
    parent,
    ...[...parents].flatMap(([child, owner]) => (owner === parent ? of(child) : [])),
  ];
  return of(root);
}

/** Processor time of a process so far, in milliseconds. */
export function cpuTime(pid: number): number {
  const stat = statOf(pid);
  return stat === null ? 0 : (Number(stat[11]) + Number(stat[12])) * tick;
}

/** Linux counts in hundredths of a second. */
const tick = 10;

/** Memory in bytes, where what several share is shared out among them. */
export function proportionalMemory(pid: number): number {
  try {
    const kib = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** The fields of /proc/PID/stat from the state on. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
