import { readdirSync, readFileSync, realpathSync } from 'node:fs';

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

/** Processor time of a process so far, in milliseconds, by the scheduler's own count; other counts go by hundredths of a second. */
export function cpuTime(pid: number): number {
  let nanoseconds = 0;
  for (const thread of namesIn(`/proc/${pid}/task`)) {
    nanoseconds += Number(textOf(`/proc/${pid}/task/${thread}/schedstat`).split(' ', 1)[0] ?? 0);
  }
  return nanoseconds / 1e6;
}

/** Bytes of memory that a process has. */
export interface Memory {
  /** What several processes share, shared out among them: the sum over an app is what it takes of the computer. */
  readonly proportional: number;
  /** What several share, counted in each of them: the sum is what many task managers show, and more than there is. */
  readonly resident: number;
  /** Of the proportional: what belongs to the file of a Node that runs the engine. Packages have none: there Electron's serves. */
  readonly node: number;
}

export function memoryOf(pid: number): Memory {
  const text = textOf(`/proc/${pid}/smaps_rollup`);
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { proportional: bytes('Pss'), resident: bytes('Rss'), node: shareOf(pid, realpathSync(process.execPath)) };
}

/** Bytes of the pages of a file that a process has as they are in the file, shared out among those who have them. */
function shareOf(pid: number, file: string): number {
  let isOf = false;
  let bytes = 0;
  for (const line of textOf(`/proc/${pid}/smaps`).split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) isOf = line.endsWith(file);
    const found = isOf ? /^(Pss|Pss_Dirty):\s+(\d+) kB$/.exec(line) : null;
    if (found !== null) bytes += Number(found[2]) * 1024 * (found[1] === 'Pss' ? 1 : -1);
  }
  return bytes;
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
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Nothing of a process that is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
