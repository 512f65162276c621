import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
let a: WorldDevice;
let b: WorldDevice;

beforeEach(async () => {
  world = await syncWorld();
  a = await world.device('A');
  b = await world.device('B');
});
afterEach(() => world.close());

const both = async (): Promise<void> => {
  await a.pair.sync();
  await b.pair.sync();
  await a.pair.sync();
};
/** The next entry arrives, and who sent it does not hear of it. */
const loseNextReply = (): void => {
  const { api } = world.storage;
  const append = api.appendEntry.bind(api);
  vi.spyOn(api, 'appendEntry').mockImplementationOnce(async (...given) => {
    await append(...given);
    throw new HoldfastError('offline', 'the line broke');
  });
};
const last = { revision: null };
const big = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 253));

describe('what was lost comes back on every device', () => {
  test('a folder deleted on one device is restored on the other', async () => {
    mkdirSync(join(a.folder, 'docs/inner'), { recursive: true });
    writeFileSync(join(a.folder, 'docs/inner/big'), big);
    writeFileSync(join(a.folder, 'docs/a.txt'), 'a');
    await both();
    const before = readTree(a.folder);
    rmSync(join(a.folder, 'docs'), { recursive: true });
    await both();
    expect(readTree(b.folder)).toEqual({});
    expect(await b.pair.trash()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ where: 'vault', path: 'docs', size: 3_000_001 }),
        expect.objectContaining({ where: 'local', path: 'docs/a.txt', size: 1 }),
      ]),
    );
    const put = world.storage.bytesPut();
    await b.pair.restore('docs', last);
    expect(world.storage.bytesPut()).toBe(put);
    await b.pair.sync();
    await both();
    expect(readTree(a.folder)).toEqual(before);
    expect(readTree(b.folder)).toEqual(before);
  });

  test('what is brought back stays, also on the device that deleted it and heard no reply', async () => {
    writeFileSync(join(a.folder, 'f'), 'precious');
    await both();
    rmSync(join(a.folder, 'f'));
    loseNextReply();
    expect(await a.pair.sync()).toMatchObject({ isConverged: false });
    await b.pair.sync();
    expect(readTree(b.folder)).toEqual({});
    await b.pair.restore('f', last);
    await b.pair.sync();
    expect(readTree(b.folder)).toEqual({ f: 'precious' });
    await both();
    expect([readTree(a.folder), readTree(b.folder)]).toEqual([{ f: 'precious' }, { f: 'precious' }]);
  });

  /** While `a` is not looked at, `b` deletes everything and brings it back. */
  const awayAndBack = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) rmSync(join(b.folder, path), { recursive: true });
    await b.pair.sync();
    expect(readTree(b.folder)).toEqual({});
    for (const path of paths) await b.pair.restore(path, last);
    await b.pair.sync();
  };

  test('what another device deletes and brings back stays, also on one that had deleted it before it heard of that', async () => {
    mkdirSync(join(a.folder, 'd'));
    for (const name of ['d/inner', 'deleted', 'edited', 'moved', 'kept']) writeFileSync(join(a.folder, name), name);
    await both();
    const before = readTree(a.folder);
    rmSync(join(a.folder, 'd'), { recursive: true });
    rmSync(join(a.folder, 'deleted'));
    writeFileSync(join(a.folder, 'edited'), 'edited once more');
    renameSync(join(a.folder, 'moved'), join(a.folder, 'moved on'));
    await awayAndBack(['d', 'deleted', 'edited', 'moved', 'kept']);
    // It hears of that, and ends before it looks into its folder.
    await a.pair.list('', { isRecursive: false, withDeleted: false });
    a = await a.restart();
    await both();
    await both();
    const { moved, ...others } = before;
    const after = { ...others, edited: 'edited once more', 'moved on': moved };
    expect([readTree(a.folder), readTree(b.folder)]).toEqual([after, after]);
    // And what is deleted by somebody who knows of it is deleted.
    rmSync(join(a.folder, 'kept'));
    rmSync(join(a.folder, 'deleted'));
    await both();
    expect(Object.keys(readTree(b.folder))).toEqual(['d/', 'd/inner', 'edited', 'moved on']);
  });

  test('an older version comes back on disk, and what it replaces stays in the history', async () => {
    writeFileSync(join(a.folder, 'f'), 'first');
    await both();
    writeFileSync(join(a.folder, 'f'), 'second!');
    await both();
    const versions = await b.pair.versions('f');
    expect(versions.map((version) => version.size)).toEqual([7, 5]);
    await b.pair.restore('f', { revision: versions[1]?.revision ?? null });
    await b.pair.sync();
    await both();
    expect(readFileSync(join(a.folder, 'f'), 'utf8')).toBe('first');
    expect(readFileSync(join(b.folder, 'f'), 'utf8')).toBe('first');
    expect((await a.pair.versions('f')).map((version) => version.size)).toEqual([5, 7, 5]);
  });

  test('an edit that was not synced yet is not lost by a restore', async () => {
    writeFileSync(join(a.folder, 'f'), 'first');
    await both();
    writeFileSync(join(a.folder, 'f'), 'second!');
    await both();
    writeFileSync(join(b.folder, 'f'), 'unsynced edit');
    await b.pair.restore('f', last);
    await both();
    await b.pair.sync();
    const contents = Object.values(readTree(b.folder));
    expect(contents).toEqual(expect.arrayContaining(['first', 'unsynced edit']));
    expect(readTree(a.folder)).toEqual(readTree(b.folder));
  });

  test('a batch is undone on disk everywhere, and what came after it is not touched', async () => {
    writeFileSync(join(a.folder, 'keep'), 'k');
    writeFileSync(join(a.folder, 'other'), 'o');
    await both();
    rmSync(join(a.folder, 'keep'));
    await both();
    const [item] = await a.pair.activity({ limit: 1, before: null });
    expect(item).toMatchObject({ changes: [{ what: 'delete', kind: 'file', path: 'keep' }], changeCount: 1 });
    writeFileSync(join(b.folder, 'other'), 'newer');
    await b.pair.sync();
    expect(await b.pair.undo(item?.batch ?? '')).toMatchObject({ skipped: [] });
    await both();
    await b.pair.sync();
    expect(readTree(a.folder)).toEqual({ keep: 'k', other: 'newer' });
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
  });
});

test('what happened says whether it was a file or a folder, also of what is gone', async () => {
  mkdirSync(join(a.folder, 'd'));
  writeFileSync(join(a.folder, 'd/f'), '1');
  await both();
  rmSync(join(a.folder, 'd'), { recursive: true });
  await both();
  const [gone, ...made] = await b.pair.activity({ limit: 10, before: null });
  expect(gone?.changes).toMatchObject([{ what: 'delete', kind: 'folder', path: 'd' }]);
  expect(made.flatMap(({ changes }) => changes)).toMatchObject([
    { what: 'create', kind: 'file', path: 'd/f' },
    { what: 'create', kind: 'folder', path: 'd' },
  ]);
});

test('an edit that arrived unheard is the base of the next one, and in no conflict with it', async () => {
  writeFileSync(join(a.folder, 'f'), 'first');
  await both();
  writeFileSync(join(a.folder, 'f'), 'second!');
  loseNextReply();
  expect(await a.pair.sync()).toMatchObject({ isConverged: false });
  writeFileSync(join(a.folder, 'f'), 'the third one');
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, conflicts: 0 });
  await both();
  expect([readTree(a.folder), readTree(b.folder)]).toEqual([{ f: 'the third one' }, { f: 'the third one' }]);
  expect((await b.pair.versions('f')).map(({ size }) => size)).toEqual([13, 7, 5]);
});

test('the dry run tells what sync then does, and does nothing itself', async () => {
  writeFileSync(join(a.folder, 'theirs'), 'four');
  await a.pair.sync();
  writeFileSync(join(b.folder, 'mine'), 'seven..');
  const { counts, lines } = await b.pair.plan({ verbose: true });
  expect(counts).toMatchObject({ up: 1, down: 1, deletes: 0, conflicts: 0, bytesUp: 7, bytesDown: 4 });
  expect(lines.map((line) => `${line.direction} ${line.operation} ${line.path}`).sort()).toEqual([
    'down create-file theirs',
    'up create-file mine',
  ]);
  expect(existsSync(join(b.folder, 'theirs'))).toBe(false);
  await b.pair.sync();
  expect((await b.pair.plan({ verbose: true })).lines).toEqual([]);
  expect(await b.pair.why('mine')).toMatchObject({ rule: expect.stringMatching(/^In step/) });
  expect(await b.pair.why(join(b.folder, 'theirs'))).toMatchObject({ path: 'theirs' });
});

test('what the vault holds is whole, and damage is found', async () => {
  writeFileSync(join(a.folder, 'big'), big);
  writeFileSync(join(a.folder, 'small'), 's');
  await both();
  expect(await b.pair.verify({ isDeep: true })).toMatchObject({ nodes: 2, bytes: 3_000_001, problems: [] });
  const [first] = world.storage.vault(world.vault).objects.keys();
  if (first !== undefined) world.storage.vault(world.vault).objects.delete(first);
  expect((await b.pair.verify({ isDeep: false })).problems).toHaveLength(1);
});

test('a new device starts from a checkpoint, and has the same files and history', async () => {
  mkdirSync(join(a.folder, 'd'));
  for (let i = 0; i < 20; i++) writeFileSync(join(a.folder, `d/f${i}`), `content ${i}`);
  await a.pair.sync();
  writeFileSync(join(a.folder, 'd/f3'), 'edited');
  a.index.transaction((write) => write.setMeta('checkpointSeq', -5000));
  await a.pair.sync();
  expect(world.storage.calls).toContain('putCheckpoint');
  const c = await world.device('C');
  expect(await c.pair.sync()).toMatchObject({ isConverged: true, filesDown: 20 });
  expect(readTree(c.folder)).toEqual(readTree(a.folder));
  expect((await c.pair.versions('d/f3')).map((version) => version.size)).toEqual([6, 9]);
  expect(await c.pair.activity({ limit: 10, before: null })).toEqual([]);
  writeFileSync(join(c.folder, 'd/f4'), 'from C');
  await c.pair.sync();
  await a.pair.sync();
  expect(readFileSync(join(a.folder, 'd/f4'), 'utf8')).toBe('from C');
  expect(c.index.integrityCheck()).toEqual([]);
});
