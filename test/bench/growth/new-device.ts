import { statSync } from 'node:fs';
import { argv } from 'node:process';
import { boundHeapGrowth } from '../../../src/cli/heap-growth.ts';
import { bootstrapFromCheckpoint } from '../../../src/engine/log/bootstrap-from-checkpoint.ts';
import { preview } from '../../../src/engine/status/preview.ts';
import type { VaultApi } from '../../../src/remote/storage-api.ts';
import { maxPageBytes } from '../../../src/wire/limits.ts';
import { appThreads } from '../../helpers/app-threads.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';
import { peakBytes } from '../measure/process-counters.ts';

/** A device that is new to a vault, in a process of its own, with a heap as small as the command line's. */

export interface Start {
  readonly way: 'checkpoint' | 'log';
  readonly indexFile: string;
}

/** Sent to the server, which is the parent. */
export interface Question {
  readonly number: number;
  readonly ask: 'getLog' | 'getGrants' | 'getCheckpoint' | 'getObjects';
  readonly words: readonly unknown[];
}

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the process so far. */
  readonly peakMb: number;
}

export interface NewDeviceCost extends Cost {
  /** To plan every download, once all is known. */
  readonly plan: Cost;
  readonly nodes: number;
  readonly indexMb: number;
}

const seed = 'nodes';
const { way, indexFile } = JSON.parse(argv[2] ?? '') as Start;
boundHeapGrowth();

const waiting = new Map<number, (value: unknown) => void>();
process.on('message', ({ to, value }: { to: number; value: unknown }) => {
  waiting.get(to)?.(value);
  waiting.delete(to);
});
let asked = 0;
const ask = (name: Question['ask'], words: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve) => {
    const number = asked++;
    waiting.set(number, resolve);
    process.send?.({ number, ask: name, words } satisfies Question);
  });
const storage = {
  // Pages as large as those that a server gives.
  getLog: (vault: unknown, after: unknown) => ask('getLog', [vault, after, { maxBytes: maxPageBytes }]),
  getGrants: (vault: unknown, epoch: unknown) => ask('getGrants', [vault, epoch]),
  getCheckpoint: (vault: unknown) => ask('getCheckpoint', [vault]),
  // One after the other, as they come over HTTP: the server has all of them.
  getObjects: async function* (vault: unknown, ids: readonly unknown[]) {
    for (const id of ids) yield* (await ask('getObjects', [vault, [id]])) as Iterable<unknown>;
  },
} as unknown as VaultApi;

const device = vaultContextWorld(seed, {}, appThreads).deviceAt(1, storage, indexFile);
const { context, index, account } = device;
const { log, signal } = context;
const { logger } = context.local;
const known = await costOf(async () => {
  if (way === 'checkpoint') await bootstrapFromCheckpoint({ index, log, storage, account, signal, logger });
  await log.pull(signal);
});
const plan = await costOf(async () => {
  const { counts } = preview(context, { verbose: false });
  if (counts.down !== index.read.counts().remoteNodes) throw new Error(`${counts.down} nodes are planned`);
});
process.send?.({
  ...known,
  plan,
  nodes: index.read.counts().remoteNodes,
  indexMb: ['', '-wal'].reduce((sum, end) => sum + sizeOf(`${indexFile}${end}`), 0) / 1e6,
} satisfies NewDeviceCost);
process.disconnect?.();

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  // Not `resourceUsage().maxRSS`: a process that is forked begins with the peak of its parent there.
  return { seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakBytes(process.pid) / 1e6 };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
