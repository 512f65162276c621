import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Finding } from './finding.ts';
import { cannotBePlanted } from './mutant.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A history that takes longer than this, milliseconds, never ends. */
const patience = 120_000;

export interface Range {
  readonly by: 'planner' | 'histories';
  readonly from: number;
  readonly count: number;
  /** From one seed to the next. */
  readonly step: number;
}

/** Runs a worker until it finds something. Without a mutant: the code as it is. */
export async function work(mutant: string | null, range: Range): Promise<Finding> {
  const { by, from, count, step } = range;
  const numbers = ['--from', String(from), '--count', String(count), '--step', String(step)];
  const args = [pathOf('worker.ts'), '--by', by, ...numbers];
  const planted = mutant === null ? [] : ['--import', new URL('plant.ts', import.meta.url).href];
  const child = spawn(process.execPath, [...planted, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(mutant === null ? {} : { HOLDFAST_MUTANT: mutant }) },
  });
  let last: Finding = { at: from - step, oracle: null, message: '' };
  let isHung = false;
  let said = '';
  let timer: NodeJS.Timeout | null = null;
  const wait = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      isHung = true;
      child.kill('SIGKILL');
    }, patience);
  };
  wait();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  for await (const line of createInterface({ input: child.stdout })) {
    wait();
    last = JSON.parse(line) as Finding;
  }
  const code = await exited;
  if (timer !== null) clearTimeout(timer);
  if (isHung) return { at: last.at + step, oracle: 'hangs', message: `no end within ${patience / 1000} s` };
  if (said.includes(cannotBePlanted)) throw new Error(said);
  if (code !== 0)
    return { at: last.at + step, oracle: 'crash', message: said.trim().split('\n').slice(0, 6).join(' ') };
  return last;
}
