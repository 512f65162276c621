import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { historyFlags } from '../sweep.ts';
import type { Finding } from './finding.ts';
import { cannotBePlanted } from './mutant.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A history that takes longer than this, seconds, never ends. Counted by ticks: time in which this process was stopped does not count. */
const patience = 120;

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
  const child = spawn(process.execPath, [...historyFlags, ...planted, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(mutant === null ? {} : { HOLDFAST_MUTANT: mutant }) },
  });
  let last: Finding = { at: from - step, oracle: null, message: '' };
  let isHung = false;
  let said = '';
  let waited = 0;
  const timer = setInterval(() => {
    waited++;
    if (waited < patience) return;
    isHung = true;
    child.kill('SIGKILL');
  }, 1000);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  for await (const line of createInterface({ input: child.stdout })) {
    waited = 0;
    last = JSON.parse(line) as Finding;
  }
  const code = await exited;
  clearInterval(timer);
  if (isHung) return { at: last.at + step, oracle: 'hangs', message: `no end within ${patience} s` };
  if (said.includes(cannotBePlanted)) throw new Error(said);
  if (code !== 0)
    return { at: last.at + step, oracle: 'crash', message: said.trim().split('\n').slice(0, 6).join(' ') };
  return last;
}
