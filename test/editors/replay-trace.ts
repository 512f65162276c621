import {
  chmodSync,
  closeSync,
  constants,
  fdatasyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Step, Trace } from './trace.ts';

/** Bytes that no other write of the trace has. Their end is text that is looked for where nobody may read it. */
function bytesOf(trace: Trace, number: number, length: number, planted: string): Buffer {
  return Buffer.alloc(length, `${trace.name} ${number} ${planted}\n`);
}

/** What is there before the program saves. */
export function prepare(trace: Trace, root: string, planted: string): void {
  for (const [i, [path, size]] of Object.entries(trace.before).entries()) {
    writeFileSync(join(root, path), bytesOf(trace, -1 - i, size, planted));
  }
}

const flagsOf = (how: string): number => {
  let flags = constants.O_RDWR;
  if (how.includes('creat')) flags |= constants.O_CREAT;
  if (how.includes('trunc')) flags |= constants.O_TRUNC;
  if (how.includes('excl')) flags |= constants.O_EXCL;
  if (how.includes('append')) flags |= constants.O_APPEND;
  return flags;
};

const yearsAgo = new Date('2019-05-04T03:02:01Z');

/**
 * Does in `root` what the program did: at the same pace or, with `leastGap`, with at least so many milliseconds between
 * any two steps. 0 for no pauses at all.
 */
export async function replay(
  trace: Trace,
  root: string,
  planted: string,
  pace: { readonly leastGap: number } | 'recorded' | 'none',
): Promise<void> {
  const handles = new Map<number, number>();
  const handle = (file: number): number => {
    const known = handles.get(file);
    if (known === undefined) throw new Error(`${trace.name}: file ${file} is not open`);
    return known;
  };
  const at = (path: string): string => join(root, path);
  let number = 0;

  const perform = (step: Step): void => {
    switch (step.do) {
      case 'open':
        handles.set(step.file, openSync(at(step.path), flagsOf(step.how), 0o644));
        break;
      case 'write':
        writeSync(handle(step.file), bytesOf(trace, number, step.bytes, planted), 0, step.bytes, step.at ?? null);
        break;
      case 'truncate':
        ftruncateSync(handle(step.file), step.size);
        break;
      case 'sync':
        fdatasyncSync(handle(step.file));
        break;
      case 'close':
        closeSync(handle(step.file));
        handles.delete(step.file);
        break;
      case 'rename':
        renameSync(at(step.from), at(step.to));
        break;
      case 'link':
        linkSync(at(step.from), at(step.to));
        break;
      case 'symlink':
        symlinkSync(step.to, at(step.path));
        break;
      case 'unlink':
        unlinkSync(at(step.path));
        break;
      case 'mkdir':
        mkdirSync(at(step.path));
        break;
      case 'rmdir':
        rmdirSync(at(step.path));
        break;
      case 'chmod':
        chmodSync(at(step.path), step.mode);
        break;
      case 'times':
        utimesSync(at(step.path), yearsAgo, yearsAgo);
        break;
      default:
    }
  };

  const start = performance.now();
  let due = 0;
  let last = 0;
  try {
    for (const step of trace.steps) {
      if (pace !== 'none') {
        due += Math.max(step.ms - last, pace === 'recorded' ? 0 : pace.leastGap);
        last = step.ms;
        // Pauses of less than a millisecond are no longer than a step itself.
        const rest = start + due - performance.now();
        if (rest >= 1) await systemClock.sleep(rest);
      }
      number++;
      perform(step);
    }
  } finally {
    for (const open of handles.values()) closeSync(open);
  }
}
