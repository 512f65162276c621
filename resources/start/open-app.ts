import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { repository } from '../build/repository.ts';

/** An app that ends with an error within so many milliseconds has not opened. */
const soon = 10_000;

/**
 * Runs the built app and resolves when it ended: null, or why it could not be opened. The engine runs on the Node that runs
 * this, since an Electron that is at hand may have one that is too old.
 */
export async function openApp(electron: string, words: readonly string[], isRoot: boolean): Promise<string | null> {
  // Some editors' terminals set it; Electron would be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const switches = isRoot ? ['--no-sandbox'] : [];
  const probe = spawnSync(electron, [...switches, '--version'], {
    env: environment,
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (probe.status !== 0) return `Electron does not run here: ${firstLine(probe.stderr) || reasonOf(probe.error)}`;
  const startedAt = performance.now();
  const app = spawn(electron, [...switches, repository, ...words], {
    env: { HOLDFAST_ENGINE_NODE: process.execPath, ...environment },
    stdio: 'inherit',
  });
  const unforward = forwardSignals(app);
  const code = await new Promise<number | null>((resolve) => {
    app.once('exit', resolve);
    app.once('error', () => resolve(1));
  });
  const wasStopped = unforward();
  const hasOpened = code === 0 || wasStopped || performance.now() - startedAt > soon;
  if (hasOpened) process.exitCode = wasStopped ? 0 : (code ?? 1);
  return hasOpened ? null : 'the app ended at once; its reason is above';
}

/** Returns the way to stop it, which tells whether there was a signal. */
function forwardSignals(app: ChildProcess): () => boolean {
  let was = false;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hear = (signal: NodeJS.Signals): void => {
    was = true;
    app.kill(signal);
  };
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
    return was;
  };
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
const reasonOf = (error: Error | undefined): string => error?.message ?? 'it ended with an error';
