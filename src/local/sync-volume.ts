import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** Reads a path from each line, and answers with what `sync -f` ended with. */
const script = 'while IFS= read -r path; do "$0" -f "$path" >&2; echo "$?"; done';

/** Milliseconds that a helper without work stays. */
const defaultIdleMs = 2000;

type Process = ChildProcessByStdio<Writable, Readable, null>;

/** A process that syncs one volume at a time. */
interface Helper {
  sync(path: string): Promise<boolean>;
  isAlive(): boolean;
  end(): void;
}

const findSync = (): string | undefined =>
  ['/usr/bin/sync', '/bin/sync'].find((path) => process.platform === 'linux' && existsSync(path));

/**
 * `syncfs(2)`, which Node lacks, by `sync -f`; see `Disk.syncVolume`. A small process stays to start it: to start one from
 * here takes longer the more memory this program has, and all else in it waits meanwhile.
 */
export function volumeSync(
  program = findSync(),
  { shell = '/bin/sh', idleMs = defaultIdleMs } = {},
): (path: string) => Promise<boolean> {
  /** One is kept; further ones are for volumes that are synced at the same time, so that none waits for another's disk. */
  let kept: Helper | null = null;
  let idle: NodeJS.Timeout | undefined;

  const take = (sync: string): Helper | null => {
    clearTimeout(idle);
    const helper = kept;
    kept = null;
    if (helper?.isAlive()) return helper;
    try {
      return startHelper(shell, sync);
    } catch {
      // No handles or no memory are left for it.
      return null;
    }
  };
  const giveBack = (helper: Helper): void => {
    kept?.end();
    kept = helper;
    clearTimeout(idle);
    idle = setTimeout(() => {
      kept?.end();
      kept = null;
    }, idleMs).unref();
  };

  return async (path) => {
    if (program === undefined || path.includes('\n')) return false;
    const helper = take(program);
    if (helper === null) return false;
    const isSynced = await helper.sync(path);
    giveBack(helper);
    return isSynced;
  };
}

function startHelper(shell: string, program: string): Helper {
  // Not in a folder of ours, which would keep its volume from being unmounted.
  const child: Process = spawn(shell, ['-c', script, program], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
  let isAlive = true;
  let answer = '';
  let settle: (isSynced: boolean) => void = () => undefined;
  const lost = (): void => {
    isAlive = false;
    settle(false);
  };
  child.on('error', lost);
  child.on('exit', lost);
  child.stdin.on('error', lost);
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
    if (answer.endsWith('\n')) settle(answer === '0\n');
  });

  return {
    sync: (path) => {
      answer = '';
      keepProgram(child, true);
      return new Promise<boolean>((resolve) => {
        settle = resolve;
        child.stdin.write(`${path}\n`);
      }).finally(() => keepProgram(child, false));
    },
    isAlive: () => isAlive,
    end: () => child.stdin.end(),
  };
}

/** Whether this program goes on for as long as that one does. */
function keepProgram(child: Process, isKept: boolean): void {
  for (const each of [child, child.stdin as Socket, child.stdout as Socket]) {
    if (isKept) each.ref();
    else each.unref();
  }
}
