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

/** Bytes of memory that a process has. */
export interface Memory {
  /** What several processes share, shared out among them: the sum over an app is what it takes of the computer. */
  readonly proportional: number;
  /** What several share, counted in each of them: the sum is what many task managers show, and more than there is. */
  readonly resident: number;
}

export function memoryOf(pid: number): Memory {
  const text = textOf(`/proc/${pid}/smaps_rollup`);
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { proportional: bytes('Pss'), resident: bytes('Rss') };
}

/** What a process of the app is there for. */
export function roleOf(pid: number): string {
  const command = textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  const program = /\/(engine|server)\.js /.exec(command)?.[1];
  const type = /--type=([a-z-]+)/.exec(command)?.[1];
  const service = /--utility-sub-type=(\w+)/.exec(command)?.[1];
  return program ?? service ?? type ?? 'main';
}

/** The fields of /proc/PID/stat from the state on. */
function statOf(pid: number): string[] | null {
  const text = textOf(`/proc/${pid}/stat`);
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Nothing of a process that is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
