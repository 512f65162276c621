import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
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
    expect(await b.pair.sync()).toMatchObject({ conflicts: 1, isConverged: true });
    await a.pair.sync();
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
    expect(Object.values(readTree(a.folder)).sort()).toEqual(['from A', 'from B!']);
    expect(readFileSync(join(a.folder, 'f.txt'), 'utf8')).toBe('from A');
  });
});
