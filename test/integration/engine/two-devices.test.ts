import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

describe('two devices keep a folder in step', () => {
  test('files and folders arrive, and a further sync does nothing', async () => {
    world = await syncWorld();
    const a = await world.device('A');
    const b = await world.device('B');
    mkdirSync(join(a.folder, 'd/e'), { recursive: true });
    writeFileSync(join(a.folder, 'f'), 'one');
    writeFileSync(join(a.folder, 'empty'), '');
    writeFileSync(join(a.folder, 'd/e/big'), Buffer.alloc(3_000_000, 7));
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, filesUp: 3, issues: 0 });
    expect(await b.pair.sync()).toMatchObject({ isConverged: true, filesDown: 3 });
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
    const calls = world.storage.calls.length;
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, operations: 0 });
    expect(await b.pair.sync()).toMatchObject({ isConverged: true, operations: 0 });
    expect(world.storage.calls.slice(calls).filter((call) => call !== 'getLog')).toEqual([]);
    expect(a.index.integrityCheck()).toEqual([]);
    expect(b.index.integrityCheck()).toEqual([]);
  });

  test('edits, renames and deletes follow; a folder renamed sends no content', async () => {
    world = await syncWorld();
    const a = await world.device('A');
    const b = await world.device('B');
    mkdirSync(join(a.folder, 'd'));
    for (let i = 0; i < 30; i++) writeFileSync(join(a.folder, `d/f${i}`), `content ${i}`);
    await a.pair.sync();
    await b.pair.sync();
    renameSync(join(a.folder, 'd'), join(a.folder, 'moved'));
    writeFileSync(join(a.folder, 'moved/f1'), 'edited content');
    rmSync(join(a.folder, 'moved/f2'));
    const put = world.storage.bytesPut();
    await a.pair.sync();
    expect(world.storage.bytesPut() - put).toBeLessThan(5000);
    await b.pair.sync();
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
    expect(readTree(b.folder)['moved/f1']).toBe('edited content');
    expect(readTree(b.folder)['moved/f2']).toBeUndefined();
  });

  test('a run tells what it moved and deleted on which side, swaps as two moves, and what it left', async () => {
    world = await syncWorld();
    const a = await world.device('A');
    const b = await world.device('B');
    const at = (device: typeof a, name: string): string => join(device.folder, name);
    mkdirSync(at(a, 'gone'));
    for (const name of ['x', 'y', 'old', 'other', 'gone/1', 'gone/2']) writeFileSync(at(a, name), name);
    const none = { movesUp: 0, movesDown: 0, deletesUp: 0, deletesDown: 0, left: 0 };
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, ...none });
    expect(await b.pair.sync()).toMatchObject({ isConverged: true, ...none });
    renameSync(at(a, 'x'), at(a, 'z'));
    renameSync(at(a, 'y'), at(a, 'x'));
    renameSync(at(a, 'z'), at(a, 'y'));
    renameSync(at(a, 'old'), at(a, 'new'));
    rmSync(at(a, 'gone'), { recursive: true });
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, ...none, movesUp: 3, deletesUp: 3 });
    rmSync(at(b, 'other'));
    expect(await b.pair.sync()).toMatchObject({
      isConverged: true,
      ...{ ...none, movesDown: 3, deletesDown: 3, deletesUp: 1 },
    });
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, ...none, deletesDown: 1 });
    expect(readTree(b.folder)).toEqual(readTree(a.folder));

    writeFileSync(at(a, 'more'), 'more');
    writeFileSync(at(a, 'most'), 'most');
    world.storage.before = (call) => {
      if (call === 'appendEntry') throw new HoldfastError('offline', 'cut');
    };
    expect(await a.pair.sync()).toMatchObject({ isConverged: false, ...none, left: 2 });
    world.storage.before = () => undefined;
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, filesUp: 2, left: 0 });
  });

  test('edits on both sides keep both contents', async () => {
    world = await syncWorld();
    const a = await world.device('A');
    const b = await world.device('B');
    writeFileSync(join(a.folder, 'f.txt'), '0');
    await a.pair.sync();
    await b.pair.sync();
    writeFileSync(join(a.folder, 'f.txt'), 'from A');
    writeFileSync(join(b.folder, 'f.txt'), 'from B!');
    await a.pair.sync();
    expect(b.pair.status().lastConflict).toBeNull();
    expect(await b.pair.sync()).toMatchObject({ conflicts: 1, isConverged: true });
    expect(b.pair.status().lastConflict).toEqual({ at: expect.closeTo(Date.now(), -5), folder: '' });
    await a.pair.sync();
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
    expect(Object.values(readTree(a.folder)).sort()).toEqual(['from A', 'from B!']);
    expect(readFileSync(join(a.folder, 'f.txt'), 'utf8')).toBe('from A');
  });

  test('what is renamed again while its first new name is carried out elsewhere gets the second one there too', async () => {
    const held = Promise.withResolvers<void>();
    let isFirst = true;
    world = await syncWorld({
      through: (fs, device) =>
        device === 'A' ? { ...fs, move: (...move) => held.promise.then(() => fs.move(...move)) } : fs,
    });
    const a = await world.device('A');
    const b = await world.device('B');
    const rename = (from: string, to: string) => renameSync(join(b.folder, from), join(b.folder, to));
    for (const name of ['x', 'y']) writeFileSync(join(a.folder, name), name);
    await a.pair.sync();
    await b.pair.sync();
    rename('x', 'x1');
    rename('y', 'y1');
    await b.pair.sync();
    // To be sent meanwhile: whose entry is not the first one asks for those that were.
    mkdirSync(join(a.folder, 'own'));
    world.storage.before = async (call) => {
      if (call !== 'appendEntry' || !isFirst) return;
      isFirst = false;
      rename('x1', 'x2');
      rename('y1', 'y2');
      await b.pair.sync();
    };
    const synced = a.pair.sync();
    // Both are in the log that A has read by then, and neither was moved on its disk yet.
    await eventually(() =>
      [...a.index.read.diverged('based')].some((node) => /2$/.test(a.index.read.remote(node)?.name ?? '')),
    );
    held.resolve();
    expect(await synced).toMatchObject({ isConverged: true, issues: 0 });
    await b.pair.sync();
    expect(Object.keys(readTree(a.folder))).toEqual(['own/', 'x2', 'y2']);
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
  });

  test('an interrupted download of a large file goes on where it was', async () => {
    world = await syncWorld();
    const a = await world.device('A');
    let b = await world.device('B');
    writeFileSync(join(a.folder, 'large'), randomBytes(24 * 1024 * 1024));
    await a.pair.sync();
    let requests = 0;
    world.storage.before = (call) => {
      if (call === 'getObjects' && ++requests > 3) throw new HoldfastError('offline', 'cut');
    };
    expect(await b.pair.sync()).toMatchObject({ isConverged: false, filesDown: 0 });
    expect(readTree(b.folder)).toEqual({});
    b = await b.restart();
    world.storage.before = () => undefined;
    const before = world.storage.calls.filter((call) => call === 'getObjects').length;
    expect(await b.pair.sync()).toMatchObject({ isConverged: true, filesDown: 1 });
    expect(world.storage.bytesGot()).toBeLessThan(30 * 1024 * 1024);
    expect(world.storage.calls.filter((call) => call === 'getObjects').length - before).toBeLessThan(24);
    expect(readFileSync(join(b.folder, 'large')).equals(readFileSync(join(a.folder, 'large')))).toBe(true);
    expect(readdirSync(join(b.folder, '.holdfast/stage'))).toEqual([]);
  });

  test('an interrupted upload sends nothing twice that was acknowledged', async () => {
    world = await syncWorld();
    let a = await world.device('A');
    writeFileSync(join(a.folder, 'large'), randomBytes(24 * 1024 * 1024));
    let requests = 0;
    world.storage.before = (call) => {
      if (call === 'putObjects' && ++requests > 3) throw new HoldfastError('offline', 'cut');
    };
    expect(await a.pair.sync()).toMatchObject({ isConverged: false });
    const sent = world.storage.bytesPut();
    expect(sent).toBeGreaterThan(2 * 1024 * 1024);
    a = await a.restart();
    world.storage.before = () => undefined;
    expect(await a.pair.sync()).toMatchObject({ isConverged: true, filesUp: 1 });
    expect(world.storage.bytesPut()).toBeLessThan(24 * 1024 * 1024 + 100_000);
  });
});

test('a pair whose command was given no answer does not say that it is up to date, until it was', async () => {
  world = await syncWorld();
  const { pair } = await world.device('A');
  const offline = (call: string) => {
    if (call === 'getLog') throw new HoldfastError('offline', 'cut');
  };
  await pair.sync();
  for (const ask of [
    () => pair.list('', { isRecursive: false, withDeleted: false }),
    () => pair.plan({ verbose: false }).catch(() => undefined),
    () => pair.verify({ isDeep: false }).catch(() => undefined),
  ]) {
    expect(pair.status().state).toBe('up-to-date');
    world.storage.before = offline;
    await ask();
    expect(pair.status().state).toBe('scanning');
    world.storage.before = () => undefined;
    await pair.sync();
  }
  expect(pair.status().state).toBe('up-to-date');
});

test('without a server, what waits for it is counted; what is deselected never waits', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  mkdirSync(join(a.folder, 'd'));
  for (const name of ['d/1', 'd/2', 'f']) writeFileSync(join(a.folder, name), name);
  await a.pair.sync();
  await a.pair.setSelected('d', false);
  await a.pair.sync();
  expect(a.pair.status()).toMatchObject({ state: 'up-to-date', pending: 0 });
  world.storage.before = () => {
    throw new HoldfastError('offline', 'cut');
  };
  for (const name of ['f', 'new']) writeFileSync(join(a.folder, name), 'edited');
  expect(await a.pair.sync()).toMatchObject({ isConverged: false, left: 2 });
  expect(a.pair.status()).toMatchObject({ state: 'offline', pending: 2 });
  const again = await a.restart();
  expect(again.pair.status().pending).toBe(2);
  world.storage.before = () => undefined;
  expect(await again.pair.sync()).toMatchObject({ isConverged: true, filesUp: 2, left: 0 });
  expect(again.pair.status().pending).toBe(0);
  await again.pair.setSelected('d', true);
  expect(again.pair.status().pending).toBe(3);
  expect(await again.pair.sync()).toMatchObject({ isConverged: true, filesDown: 2 });
});

test('while a command changes the vault, a pair does not say that it is up to date', async () => {
  world = await syncWorld();
  const { pair, folder } = await world.device('A');
  writeFileSync(join(folder, 'f'), 'one');
  await pair.sync();
  rmSync(join(folder, 'f'));
  await pair.sync();
  expect(pair.status().state).toBe('up-to-date');
  const states: string[] = [];
  world.storage.before = (call) => {
    if (call === 'appendEntry') states.push(pair.status().state);
  };
  await pair.restore('f', { revision: null });
  expect(states).toEqual(['scanning']);
  await pair.sync();
  expect(pair.status().state).toBe('up-to-date');
  expect(readTree(folder)).toEqual({ f: 'one' });
});
