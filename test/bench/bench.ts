import { rm } from 'node:fs/promises';
import { argv } from 'node:process';
import { buildCommand } from '../../resources/build/build-command.ts';
import { tempFolder } from '../helpers/temp.ts';
import { isolatedBase, runIsolated } from './isolate.ts';
import { parseOptions } from './options.ts';
import { runBench } from './run-bench.ts';
import { say } from './say.ts';
import { workloads } from './workloads/all.ts';
import type { Workload } from './workloads/workload.ts';

/** Holdfast side by side with what a user would pick instead: see README.md beside this. */

const options = parseOptions(argv.slice(2));
const base = isolatedBase();
if (base === null) {
  await buildCommand({ staleOnly: true });
  for (const workload of workloads) {
    if (workload.ids.some((id) => options.only?.has(id) ?? true)) await fetchFor(workload);
  }
  const folder = await tempFolder('bench', options.folder);
  try {
    process.exitCode = await runIsolated(folder);
  } finally {
    // What was killed may still be ending, and writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
} else {
  process.exitCode = (await runBench(options, base)) ? 0 : 1;
}

async function fetchFor({ ids, fetch }: Workload): Promise<void> {
  try {
    await fetch?.(options.size);
  } catch (error) {
    say(`${ids.join(', ')}: cannot be fetched: ${error instanceof Error ? error.message : error}`);
  }
}
