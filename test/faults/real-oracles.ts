import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { repository, runNode } from '../helpers/run.ts';
import { readTreeOf, trashedContents } from '../helpers/scenario-files.ts';
import { tempFolder } from '../helpers/temp.ts';
import type { RealDevice } from './real-device.ts';
import type { RealWorld } from './real-world.ts';

const maxRounds = 8;

export interface Settling {
  /** In this order; default all. */
  readonly devices?: readonly RealDevice[];
  /** Whether a person tries again what waits with back-off. */
  readonly isRetried?: boolean;
}

/** Runs the devices in turn until each has all that any of them told the vault. Nothing of them may be running. */
export async function settleAll(
  world: RealWorld,
  { devices = world.devices, isRetried = false }: Settling = {},
): Promise<void> {
  const told = (): number => world.proxy.passed.filter(({ name }) => name === 'appendLog').length;
  let inStep = 0;
  for (let run = 0; run < maxRounds * devices.length; run++) {
    const device = devices[run % devices.length] as RealDevice;
    const before = told();
    const report = await device.trySync();
    if (report.held > 0) await allowHeld(device);
    if (isRetried && !report.converged) await retryAll(device);
    const isDone = report.converged && report.held === 0;
    // Whoever told something is in step with itself alone.
    if (!isDone) inStep = 0;
    else inStep = told() > before ? 1 : inStep + 1;
    if (inStep === devices.length) return;
  }
  const reports = await Promise.all(devices.map(async (device) => [await device.trySync(), await device.issues()]));
  throw new Error(`not settled after ${maxRounds} rounds: ${JSON.stringify(reports)}`);
}

async function allowHeld(device: RealDevice): Promise<void> {
  for (const { id, kind } of await device.issues()) {
    if (kind === 'held-deletes') await device.run(['resolve', id, 'allow']);
  }
}

/** Everything that waits with back-off is tried now. */
export async function retryAll(device: RealDevice): Promise<void> {
  for (const { id, choices } of await device.issues()) {
    if (choices.includes('retry')) await device.run(['resolve', id, 'retry']);
  }
}

/**
 * What holds of real processes at the end, whatever happened to them on the way: equal trees; nothing that was secured is
 * lost; a further run moves nothing; empty stages; sound databases; all that the vault names is on the server and opens.
 */
export async function expectRealOracles(world: RealWorld, secured: ReadonlySet<string> = new Set()): Promise<void> {
  const { devices } = world;
  const [first, ...others] = devices;
  if (first === undefined) return;
  const tree = first.files.tree();
  for (const other of others) expect(other.files.tree(), `${other.name} beside ${first.name}`).toEqual(tree);
  for (const device of devices) {
    const again = await device.sync();
    expect(again, `a further run of ${device.name}`).toMatchObject({
      state: 'up-to-date',
      operations: 0,
      conflicts: 0,
      filesUp: 0,
      filesDown: 0,
      bytesUp: 0,
      bytesDown: 0,
    });
    expect(device.stage(), `stage of ${device.name}`).toEqual([]);
    expect(device.integrity(), `index of ${device.name}`).toEqual([]);
  }
  await first.run(['verify', '--deep']);
  expect(await lost(world, secured), 'contents that are nowhere any more').toEqual([]);
}

/** Of these contents those that are in no tree, no trash, and no version that a rescue finds in the server's data. */
async function lost(world: RealWorld, secured: ReadonlySet<string>): Promise<string[]> {
  const missing = new Set(secured);
  for (const { files } of world.devices) {
    for (const content of Object.values(files.tree())) missing.delete(content.replace(/ \+x$/, ''));
    for (const content of trashedContents(files.root)) missing.delete(content);
  }
  if (missing.size === 0) return [];
  for (const content of await rescued(world)) missing.delete(content);
  return [...missing];
}

/** All contents that the server's data and the recovery words give back: live, deleted, and old versions. */
export async function rescued(world: RealWorld, data = world.server.data): Promise<Set<string>> {
  const out = join(await tempFolder('rescue'), 'out');
  const words = ['rescue', '--data', data, '--out', out, '--deleted', '--versions', '--json'];
  const env = { HOLDFAST_RECOVERY: world.recovery };
  const done = await runNode([join(repository, 'src/cli/holdfast.mjs'), ...words], { env });
  expect(done.code, `${done.stdout}${done.stderr}`).toBe(0);
  return new Set(Object.values(readTreeOf(out)).map((content) => content.replace(/ \+x$/, '')));
}

/** The server's metadata passes SQLite's own check. It must not be running. */
export function expectSoundServer(data: string): void {
  const meta = new Database(join(data, 'meta.db'));
  try {
    expect(meta.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(meta.pragma('foreign_key_check')).toEqual([]);
  } finally {
    meta.close();
  }
}
