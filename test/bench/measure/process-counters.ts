import { readFileSync, writeFileSync } from 'node:fs';

/** What the kernel counts of processes (Linux). A process that is gone counts nothing. */

/** The kernel's clock tick in seconds, as `/proc` counts processor time; 100 a second on every Linux that Node runs on. */
const tick = 0.01;

/** Processor seconds, user and system, of a process that lives, with the children that it has waited for. */
export const processSeconds = (pid: number): number => {
  const fields = statFields(pid);
  return fields === null ? 0 : (fields.own + fields.children) * tick;
};

/** Processor seconds of all children that ended and were waited for by this program. */
export const endedChildrenSeconds = (): number => (statFields('self')?.children ?? 0) * tick;

function statFields(pid: number | 'self'): { readonly own: number; readonly children: number } | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The program's name, in brackets, may hold anything; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (index: number): number => Number(fields[index - 3]);
  return { own: at(14) + at(15), children: at(16) + at(17) };
}

/** Peak resident memory in bytes of a process and of its children that live, added up. */
export function peakBytes(pid: number): number {
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '');
  if (own?.[1] === undefined) return 0;
  return childrenOf(pid).reduce((sum, child) => sum + peakBytes(child), Number(own[1]) * 1024);
}

/** Resident memory in bytes now, without what a process shares with files (code, mapped data): its own. */
export function residentBytes(pid: number): number {
  const found = /^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '');
  return found?.[1] === undefined ? 0 : Number(found[1]) * 1024;
}

/** Lets the peak of a process start again from what it uses now. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not ours to reset: then the peak is that since its start.
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
