/**
 * Records how a program saves, as a trace for `test/editors/traces`: `node test/editors/record-trace.ts NAME FOLDER PROGRAM
 * ARGS…` runs the program in FOLDER under strace and prints the steps by which it changed what is in there. Made once, by
 * hand; the traces are the data that tests replay.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Step } from './trace.ts';

const calls =
  'openat,creat,open,write,pwrite64,writev,rename,renameat,renameat2,unlink,unlinkat,ftruncate,truncate,link,linkat,symlink,' +
  'symlinkat,fsync,fdatasync,close,chmod,fchmod,fchmodat,utimensat,fallocate,copy_file_range,sendfile,mkdir,mkdirat,rmdir';

const [name = '', folder = '.', program = '', ...args] = process.argv.slice(2);
const root = realpathSync(folder);
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trace-'));
const log = join(scratch, 'log');
const strace = ['-f', '-ttt', '-y', '-s', '0', '-e', `trace=${calls}`, '-o', log, '--', program, ...args];
const run = spawnSync('strace', strace, { cwd: root, stdio: ['inherit', 2, 2] });
if (run.error !== undefined) throw run.error;

/** Relative to the folder; null for what is elsewhere. */
function inFolder(path: string, base = root): string | null {
  const inside = relative(root, resolve(base, path));
  return inside === '' || inside.startsWith('..') ? null : inside;
}

const numbers = new Map<string, number>();
const fileNumber = (key: string): number => {
  const known = numbers.get(key) ?? numbers.size + 1;
  numbers.set(key, known);
  return known;
};

/** Calls that were interrupted by another thread are put together again. */
function* wholeLines(text: string): Generator<[number, string, string]> {
  const begun = new Map<string, [number, string]>();
  for (const line of text.split('\n')) {
    const parts = /^(\d+)\s+([\d.]+) (.*)$/.exec(line);
    if (parts === null) continue;
    const [, pid = '', time = '', call = ''] = parts;
    if (call.endsWith('<unfinished ...>')) {
      begun.set(pid, [Number(time), call.slice(0, -'<unfinished ...>'.length)]);
    } else if (call.startsWith('<... ')) {
      const [at, start] = begun.get(pid) ?? [Number(time), ''];
      yield [at, pid, start + call.replace(/^<\.\.\. \w+ resumed>/, '')];
    } else yield [Number(time), pid, call];
  }
}

const steps: Step[] = [];
let first = 0;
for (const [time, , call] of wholeLines(readFileSync(log, 'utf8'))) {
  const parts = /^(\w+)\((.*)\)\s+= (-?\d+)(.*)$/.exec(call);
  if (parts === null) continue;
  const [, what = '', inner = '', result = ''] = parts;
  if (Number(result) < 0) continue;
  const quoted = [...inner.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => found[1] ?? '');
  const bases = [...inner.matchAll(/(?:AT_FDCWD|\d+)<([^>]*)>/g)].map((found) => found[1] ?? '');
  const handle = /^(\d+)<([^>]*?)>(?:\(deleted\))?/.exec(inner);
  const path = quoted[0] === undefined ? null : inFolder(quoted[0], bases[0] ?? root);
  const other = quoted[1] === undefined ? null : inFolder(quoted[1], bases[1] ?? bases[0] ?? root);
  const onHandle = handle === null ? null : inFolder(handle[2] ?? '');
  const file = handle === null ? 0 : fileNumber(`${handle[1]}`);
  const last = (): number => Number(/(\d+)\s*$/.exec(inner)?.[1] ?? 0);
  let step: Step | null = null;
  switch (what) {
    case 'open':
    case 'openat':
    case 'creat': {
      if (path === null || !/O_WRONLY|O_RDWR|O_CREAT/.test(inner)) break;
      const how = (['CREAT', 'TRUNC', 'EXCL', 'APPEND'] as const).filter((flag) => inner.includes(`O_${flag}`));
      if (/O_DIRECTORY|O_TMPFILE/.test(inner)) break;
      step = { ms: 0, do: 'open', file: fileNumber(result), path, how: how.join(' ').toLowerCase() };
      break;
    }
    case 'write':
    case 'writev':
    case 'sendfile':
    case 'copy_file_range':
      if (onHandle !== null && Number(result) > 0) step = { ms: 0, do: 'write', file, bytes: Number(result) };
      break;
    case 'pwrite64':
      if (onHandle !== null) step = { ms: 0, do: 'write', file, bytes: Number(result), at: last() };
      break;
    case 'ftruncate':
      if (onHandle !== null) step = { ms: 0, do: 'truncate', file, size: last() };
      break;
    case 'fallocate':
      if (onHandle !== null) step = { ms: 0, do: 'truncate', file, size: last() };
      break;
    case 'fsync':
    case 'fdatasync':
      if (onHandle !== null) step = { ms: 0, do: 'sync', file };
      break;
    case 'close':
      if (onHandle !== null) step = { ms: 0, do: 'close', file };
      break;
    case 'rename':
    case 'renameat':
    case 'renameat2':
      if (path !== null && other !== null) step = { ms: 0, do: 'rename', from: path, to: other };
      break;
    case 'link':
    case 'linkat':
      if (path !== null && other !== null) step = { ms: 0, do: 'link', from: path, to: other };
      break;
    case 'symlink':
    case 'symlinkat':
      if (other !== null) step = { ms: 0, do: 'symlink', path: other, to: quoted[0] ?? '' };
      break;
    case 'unlink':
    case 'unlinkat':
    case 'rmdir':
      if (path !== null)
        step = { ms: 0, do: what === 'rmdir' || inner.includes('REMOVEDIR') ? 'rmdir' : 'unlink', path };
      break;
    case 'mkdir':
    case 'mkdirat':
      if (path !== null) step = { ms: 0, do: 'mkdir', path };
      break;
    case 'chmod':
    case 'fchmodat':
      if (path !== null)
        step = { ms: 0, do: 'chmod', path, mode: Number.parseInt(/0[0-7]+/.exec(inner)?.[0] ?? '0644', 8) };
      break;
    case 'utimensat':
      if (path !== null) step = { ms: 0, do: 'times', path };
      break;
    default:
  }
  if (step === null) continue;
  if (steps.length === 0) first = time;
  steps.push({ ...step, ms: Math.round((time - first) * 10_000) / 10 } as Step);
}
rmSync(scratch, { recursive: true });

/** Files that were opened before the first step, or only read, are of no interest. */
const opened = new Set<number>();
const kept = steps.filter((step) => {
  if (step.do === 'open') opened.add(step.file);
  if (!('file' in step) || step.file === undefined) return true;
  if (!opened.has(step.file)) return false;
  if (step.do === 'close') opened.delete(step.file);
  return true;
});
const start = kept[0]?.ms ?? 0;
const based = kept.map((step) => ({ ...step, ms: Math.round((step.ms - start) * 10) / 10 }));
const lines = based.map(
  (step) =>
    `    ${JSON.stringify(step)
      .replaceAll(/([:,])(?=["\d-])/g, '$1 ')
      .replace('{', '{ ')
      .replace('}', ' }')}`,
);
const head = { name, program: [program, ...args].join(' ').replaceAll(root, '.') };
process.stdout.write(
  `{\n  "name": ${JSON.stringify(head.name)},\n  "source": ${JSON.stringify(`strace of ${head.program}`)},\n  "before": { "doc": 3000 },\n` +
    `  "steps": [\n${lines.join(',\n')}\n  ]\n}\n`,
);
