import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Problem } from './world.ts';

/** What a worker says of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly problems: readonly Problem[];
  readonly events: number;
}

export interface Sweep {
  readonly seeds: number;
  readonly failed: readonly SeedReport[];
  readonly seconds: number;
}

const slice = 20;
/**
 * Simulated disks say no all the time, and nobody reads where; a new world for each seed leaves much to clear away, and with a
 * process on each core there is none left to clear away beside.
 */
export const historyFlags = ['--stack-trace-limit=0', '--max-semi-space-size=32', '--single-threaded-gc'];

/** Runs seeds in a process for each core; `onFailed` hears of failures as they come, and may end it. */
export async function sweep(
  from: number,
  count: number,
  onFailed: (report: SeedReport) => 'go on' | 'enough' = () => 'go on',
  processes = availableParallelism(),
): Promise<Sweep> {
  const start = performance.now();
  const failed: SeedReport[] = [];
  const end = from + count;
  let next = from;
  let seeds = 0;
  let isOver = false;

  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(new URL('sweep-worker.ts', import.meta.url)), [], {
        execArgv: historyFlags,
      });
      const give = (): void => {
        if (isOver || next >= end) {
          child.send('end');
          return;
        }
        const upTo = Math.min(next + slice, end);
        child.send({ from: next, upTo });
        next = upTo;
      };
      let isDone = false;
      child.on('message', (message: SeedReport | 'ready') => {
        if (message === 'ready') return give();
        seeds++;
        if (message.problems.length === 0) return;
        failed.push(message);
        if (onFailed(message) === 'enough') isOver = true;
      });
      child.on('exit', (code) => {
        isDone = true;
        if (code === 0) resolve();
        else reject(new Error(`a worker ended with ${code}`));
      });
      child.on('error', (error) => {
        if (!isDone) reject(error);
      });
    });

  await Promise.all(Array.from({ length: Math.min(processes, Math.ceil(count / slice)) }, work));
  return { seeds, failed, seconds: (performance.now() - start) / 1000 };
}
