import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/**
 * Loaded into a process before the program (`--import`): its disk fails as HOLDFAST_TEST_DISK says, a JSON of
 * {@link DiskPlan}. The program itself knows nothing of it. What SQLite does by itself is not reached.
 */
export interface DiskPlan {
  readonly seed: number;
  readonly rules: readonly DiskRule[];
  /** While this file exists nothing fails. */
  readonly off?: string;
  /** Takes a line for each failure: call, code, path. */
  readonly log?: string;
}

export interface DiskRule {
  /** As Node names them, without `Sync`; `sync` and `datasync` of handles are `fsync` and `fdatasync`. */
  readonly calls: readonly string[];
  /** As the system says it; `SIGKILL`: the process ends right before the call. */
  readonly code: string;
  /** Of 1000 calls so many fail; default all. */
  readonly chance?: number;
  /** Only of paths (real ones, absolute) that this expression matches. */
  readonly paths?: string;
  /** Calls that pass before the first one that fails. */
  readonly skip?: number;
  readonly times?: number;
}

const plan = JSON.parse(process.env['HOLDFAST_TEST_DISK'] ?? '{"seed":0,"rules":[]}') as DiskPlan;
const real = { ...fs };
const rules = plan.rules.map((rule) => ({
  ...rule,
  calls: new Set(rule.calls),
  pattern: rule.paths === undefined ? null : new RegExp(rule.paths),
  seen: 0,
  hits: 0,
}));

let state = plan.seed >>> 0;
/** 0 to 999. */
function drawn(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % 1000;
}

const link = (handle: number | string): string => {
  try {
    return real.readlinkSync(`/proc/self/fd/${handle}`);
  } catch {
    return '';
  }
};

/** The path that a call means, whether it names a file, a handle, or a file by way of a handle. */
function pathOf(target: unknown): string {
  if (typeof target === 'number') return link(target);
  if (typeof target === 'object' && target !== null && 'fd' in target) return link(Number(target.fd));
  const text = String(target);
  const found = /^\/proc\/(?:self|\d+)\/fd\/(\d+)(.*)$/.exec(text);
  return found === null ? text : link(found[1] ?? '') + found[2];
}

const messages: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on device',
  EIO: 'i/o error',
  EACCES: 'permission denied',
  EBUSY: 'resource busy or locked',
  EMFILE: 'too many open files',
};
const numbers: Readonly<Record<string, number>> = { ENOSPC: -28, EIO: -5, EACCES: -13, EBUSY: -16, EMFILE: -24 };

/** The error that this call is to meet; null: none. */
function faultOf(call: string, ...targets: readonly unknown[]): Error | null {
  if (plan.off !== undefined && real.existsSync(plan.off)) return null;
  for (const rule of rules) {
    if (!rule.calls.has(call)) continue;
    const paths = targets.map(pathOf);
    const path = paths.find((each) => rule.pattern?.test(each) ?? true);
    if (path === undefined) continue;
    if (rule.seen++ < (rule.skip ?? 0) || rule.hits >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
    if (drawn() >= (rule.chance ?? 1000)) continue;
    rule.hits++;
    if (plan.log !== undefined) real.appendFileSync(plan.log, `${call} ${rule.code} ${path}\n`);
    if (rule.code === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
    const message = `${rule.code}: ${messages[rule.code] ?? 'error'}, ${call} '${path}'`;
    return Object.assign(new Error(message), { code: rule.code, errno: numbers[rule.code] ?? -1, syscall: call, path });
  }
  return null;
}

/** The arguments that name files: two of them where a file gets another name. */
const meant = (call: string, args: readonly unknown[]): readonly unknown[] =>
  args.slice(0, call === 'link' || call === 'rename' ? 2 : 1);

type Any = (...args: unknown[]) => unknown;
const table = fs as unknown as Record<string, Any>;
const calls = [
  'open',
  'read',
  'write',
  'fsync',
  'fdatasync',
  'ftruncate',
  'futimes',
  'rename',
  'link',
  'unlink',
  'mkdir',
  'rmdir',
  'readdir',
  'lstat',
  'stat',
  'statfs',
  'chmod',
  'readFile',
  'opendir',
  'utimes',
];

for (const call of calls) {
  const sync = table[`${call}Sync`];
  if (sync !== undefined) {
    table[`${call}Sync`] = (...args) => {
      const fault = faultOf(call, ...meant(call, args));
      if (fault !== null) throw fault;
      return sync.apply(fs, args);
    };
  }
  const later = table[call];
  if (later !== undefined) {
    const wrapped: Any = (...args) => {
      const fault = faultOf(call, ...meant(call, args));
      if (fault === null) return later.apply(fs, args);
      setImmediate(args.at(-1) as Any, fault);
      return undefined;
    };
    const promised = promisify(later) as Any;
    Object.defineProperty(wrapped, promisify.custom, {
      value: async (...args: unknown[]) => {
        const fault = faultOf(call, ...meant(call, args));
        if (fault !== null) throw fault;
        return promised(...args);
      },
    });
    table[call] = wrapped;
  }
  const promises = fs.promises as unknown as Record<string, Any>;
  const promise = promises[call];
  if (promise !== undefined) {
    promises[call] = async (...args) => {
      const fault = faultOf(call, ...meant(call, args));
      if (fault !== null) throw fault;
      return promise.apply(fs.promises, args);
    };
  }
}

const handle = await fs.promises.open('/', 'r');
const methods = Object.getPrototypeOf(handle) as Record<string, Any>;
await handle.close();
for (const [method, call] of Object.entries({
  sync: 'fsync',
  datasync: 'fdatasync',
  write: 'write',
  writev: 'write',
  writeFile: 'write',
  read: 'read',
  readFile: 'read',
})) {
  const original = methods[method];
  if (original === undefined) continue;
  methods[method] = async function (this: unknown, ...args: unknown[]) {
    const fault = faultOf(call, this);
    if (fault !== null) throw fault;
    return original.apply(this, args);
  };
}

// The sync of a whole volume is another program's.
const { execFile } = childProcess;
(childProcess as unknown as Record<string, Any>)['execFile'] = (...args) => {
  const [program, words] = args as [string, readonly string[]];
  const fault = /\/sync$/.test(program) ? faultOf('syncfs', words.at(-1)) : null;
  if (fault === null) return (execFile as unknown as Any)(...args);
  setImmediate(args.at(-1) as Any, fault);
  return undefined;
};

syncBuiltinESMExports();
