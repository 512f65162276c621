import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { say } from './say.ts';

const mark = 'HOLDFAST_BENCH_BASE';

/** The folder to work in, if this is the isolated program. */
export const isolatedBase = (): string | null => process.env[mark] ?? null;

/**
 * Runs this same program again with a network, mounts and processes of its own: loopback carries nobody else's bytes,
 * file systems that it mounts and processes that it starts are gone when it is. Its exit code. Where that is not
 * allowed it runs without, and bytes on the wire include what other programs send over loopback.
 */
export async function runIsolated(base: string): Promise<number> {
  const again = [...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, [mark]: base };
  const apart = ['--net', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const inside = ['sh', '-c', 'PATH=$PATH:/sbin:/usr/sbin ip link set lo up && exec "$@"', 'sh'];
  const isAllowed = (await run('unshare', [...apart, ...inside, 'true'], env, 'ignore')) === 0;
  if (isAllowed) return run('unshare', [...apart, ...inside, process.execPath, ...again], env, 'inherit');
  say('NOT ISOLATED (that needs Linux, root, unshare and ip): bytes on the wire include those of other programs.');
  return run(process.execPath, again, env, 'inherit');
}

async function run(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: 'ignore' | 'inherit',
): Promise<number> {
  const child = spawn(program, words, { env, stdio });
  const stop = (): void => void child.kill('SIGKILL');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch {
    return 1;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  }
}
