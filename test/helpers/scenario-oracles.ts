import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { manifestChunks } from '../../src/engine/transfer/manifest-chunks.ts';
import type { ObjectSource } from '../../src/engine/transfer/object-source.ts';
import type { ScenarioDevice } from './scenario-device.ts';
import { shown, trashedContents } from './scenario-files.ts';

/** Calls that only ask whether there is news. */
const asking = new Set(['getLog', 'getChain']);

/**
 * What holds after every row, whatever it did. The devices are open, and have settled.
 * I1 same trees, on the disks and in the vault · I2 nothing that was secured is lost · I3 a further run does nothing ·
 * I4 no copy of a copy, no copy with the bytes of its original · I5 sound indexes, an empty stage · I7 the same after a
 * restart.
 */
export async function expectOracles(devices: readonly ScenarioDevice[]): Promise<void> {
  await expectSound(devices, () => expectSameTrees(devices));
}

/** The oracles without I1, for rows that end differently on each device; `between` is asked before the restart. */
export async function expectSound(
  devices: readonly ScenarioDevice[],
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  await expectIdle(devices);
  await between();
  await expectNothingLost(devices);
  expectNoNeedlessCopies(devices);
  for (const device of devices) {
    expect(device.now.index.integrityCheck(), `integrity of the index of ${device.name}`).toEqual([]);
    expect(readdirSync(device.files.at('.holdfast/stage')), `stage of ${device.name}`).toEqual([]);
  }
  for (const device of devices) {
    await device.close();
    await device.open();
  }
  await expectIdle(devices);
}

export async function expectIdle(devices: readonly ScenarioDevice[]): Promise<void> {
  for (const device of devices) {
    await device.open();
    const { faults } = device.now;
    faults.resetCalls();
    const before = statsOf(device.files.root);
    const result = await device.sync();
    expect(result, `a further run of ${device.name}`).toMatchObject({
      isConverged: true,
      operations: 0,
      conflicts: 0,
      filesUp: 0,
      filesDown: 0,
    });
    expect(
      faults.calls.filter((call) => !asking.has(call)),
      `requests of a further run of ${device.name}`,
    ).toEqual([]);
    expect(statsOf(device.files.root), `the folder of ${device.name} after a further run`).toEqual(before);
  }
}

/** Inode and times of everything: nothing was written, not even the same again. */
function statsOf(root: string): Record<string, string> {
  const stats: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (name.startsWith('.holdfast')) continue;
    const { ino, mtimeMs, ctimeMs } = lstatSync(join(root, name));
    stats[name] = `${ino} ${mtimeMs} ${ctimeMs}`;
  }
  return stats;
}

export async function expectSameTrees(devices: readonly ScenarioDevice[]): Promise<void> {
  const [first, ...others] = devices;
  if (first === undefined) return;
  const tree = first.files.tree();
  for (const other of others) expect(other.files.tree(), `${other.name} beside ${first.name}`).toEqual(tree);
  const sizes = Object.fromEntries(
    Object.keys(tree).map((path) => [path, path.endsWith('/') ? 0 : statSync(first.files.at(path)).size]),
  );
  for (const device of devices) expect(await device.vaultTree(), `the vault as ${device.name} sees it`).toEqual(sizes);
}

async function expectNothingLost(devices: readonly ScenarioDevice[]): Promise<void> {
  const there = new Set<string>();
  for (const { files } of devices) {
    for (const content of Object.values(files.tree())) there.add(content.replace(/ \+x$/, ''));
    for (const content of trashedContents(files.root)) there.add(content);
  }
  const missing = new Set(devices.flatMap(({ secured }) => [...secured]).filter((content) => !there.has(content)));
  if (missing.size === 0) return;
  const [reader] = devices;
  if (reader !== undefined) for await (const content of revisionsOf(reader)) missing.delete(content);
  expect([...missing], 'contents that are nowhere any more').toEqual([]);
}

/** Every revision that the vault keeps, of live and deleted files, fetched from the server and opened. */
async function* revisionsOf(device: ScenarioDevice): AsyncIterable<string> {
  const { index, crypto: known } = device.now;
  const crypto = known();
  if (crypto === null) return;
  const { storage } = device.session;
  const source: ObjectSource = { fetch: (id) => storage.getObject(device.vault, id) };
  for (const row of [...index.read.vaultRows()]) {
    for (const { revision } of index.read.revisionsOf(row.id)) {
      const stored = index.read.revision(revision);
      if (stored === null) continue;
      const manifest = crypto.openManifest(revision, stored.manifest);
      const pieces: Uint8Array[] = [];
      for (const chunk of await manifestChunks(manifest, { crypto, source })) {
        pieces.push(await crypto.openChunk(chunk, await storage.getObject(device.vault, chunk.objectId)));
      }
      yield shown(Buffer.concat(pieces));
    }
  }
}

function expectNoNeedlessCopies(devices: readonly ScenarioDevice[]): void {
  const [first] = devices;
  if (first === undefined) return;
  const tree = first.files.tree();
  for (const [path, content] of Object.entries(tree)) {
    const marks = path.split('(conflict from').length - 1;
    expect(marks, `marks in ${path}`).toBeLessThanOrEqual(path.split('/').length);
    const original = path.replace(/ \(conflict from [^()]*\)/, '');
    if (original !== path && content !== '' && tree[original] !== undefined) {
      expect(content, `${path} beside its original`).not.toBe(tree[original]);
    }
  }
}
