import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { restoreTrashed } from '../../../src/engine/history/restore-trashed.ts';
import { canAnchorByHandle } from '../../../src/local/local-root.ts';
import { found, path } from '../../contract/file-system-contract.ts';
import { makeNodeDisk } from '../../contract/node-disk.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { readTree } from '../../helpers/tree.ts';

describe('a file of the trash here', () => {
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
    for (const { pair } of [a, b, a]) await pair.sync();
  };
  const kept = async () => (await b.pair.trash()).filter(({ where }) => where === 'local');

  test('comes back to where it was, with the folders above it, and syncs', async () => {
    mkdirSync(join(a.folder, 'docs/inner'), { recursive: true });
    writeFileSync(join(a.folder, 'docs/inner/a.txt'), 'content');
    await both();
    rmSync(join(a.folder, 'docs'), { recursive: true });
    await both();
    expect(existsSync(join(b.folder, 'docs'))).toBe(false);
    const [item] = await kept();
    expect(await b.pair.restoreTrashed(must(item))).toEqual({ path: 'docs/inner/a.txt', batch: null });
    expect(await kept()).toEqual([]);
    await b.pair.sync();
    await both();
    for (const { folder } of [a, b]) expect(readFileSync(join(folder, 'docs/inner/a.txt'), 'utf8')).toBe('content');
    await expect(b.pair.restoreTrashed(must(item))).rejects.toMatchObject({ kind: 'missing' });
  });

  test('comes back beside the one that replaced it', async () => {
    writeFileSync(join(a.folder, 'letter.txt'), 'first');
    await both();
    writeFileSync(join(a.folder, 'letter.txt'), 'second!');
    await both();
    const [item] = await kept();
    expect(await b.pair.restoreTrashed(must(item))).toEqual({ path: 'letter (restored).txt', batch: null });
    await b.pair.sync();
    await both();
    expect(readTree(b.folder)).toEqual({ 'letter.txt': 'second!', 'letter (restored).txt': 'first' });
    expect(readTree(a.folder)).toEqual(readTree(b.folder));
  });

  test('goes for good once a person empties it; what the vault keeps does not', async () => {
    writeFileSync(join(a.folder, 'a.txt'), 'content');
    await both();
    rmSync(join(a.folder, 'a.txt'));
    await both();
    expect(await kept()).toHaveLength(1);
    expect(await b.pair.emptyTrash()).toBe(1);
    expect(await kept()).toEqual([]);
    expect(readdirSync(join(b.folder, '.holdfast/trash'))).toEqual([]);
    expect(await b.pair.emptyTrash()).toBe(0);
    const [gone] = await b.pair.trash();
    await b.pair.restoreTrashed(must(gone));
    await both();
    expect(readFileSync(join(b.folder, 'a.txt'), 'utf8')).toBe('content');
  });

  test('stays if it came there after the person asked for an empty one', async () => {
    writeFileSync(join(a.folder, 'a.txt'), 'content');
    await both();
    rmSync(join(a.folder, 'a.txt'));
    await a.pair.sync();
    const syncing = b.pair.sync();
    expect(await b.pair.emptyTrash()).toBe(0);
    await syncing;
    expect(await kept()).toHaveLength(1);
  });

  test('is known to be new at once, whatever a watcher sees', async () => {
    writeFileSync(join(a.folder, 'a.txt'), 'content');
    await both();
    rmSync(join(a.folder, 'a.txt'));
    await both();
    const [item] = await kept();
    expect(b.pair.status().state).toBe('up-to-date');
    await b.pair.restoreTrashed(must(item));
    expect(b.pair.status().state).not.toBe('up-to-date');
  });

  test('stays where it is while the folder is missing', async () => {
    writeFileSync(join(a.folder, 'a.txt'), 'content');
    await both();
    rmSync(join(a.folder, 'a.txt'));
    await both();
    const [item] = await kept();
    rmSync(b.folder, { recursive: true });
    await expect(b.pair.restoreTrashed(must(item))).rejects.toMatchObject({ kind: 'io', reason: 'root-gone' });
    expect(existsSync(b.folder)).toBe(false);
  });
});

describe('on the disk', () => {
  let disk: Awaited<ReturnType<typeof makeNodeDisk>>;
  const at = (name: string): string => join(disk.root, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const limit = { unit: 'utf8', length: 255 } as const;
  beforeEach(async () => {
    disk = await makeNodeDisk(canAnchorByHandle() ? 'handle' : 'path');
  });
  afterEach(async () => disk.dispose());

  async function trash(name: string, text: string) {
    writeFileSync(at(name), text);
    return disk.fs.trashFile(path(name), await found(disk.fs, name), 'b1');
  }

  test('each of several contents of one path is had, and no name is taken from another', async () => {
    const items = [await trash('f.txt', 'one'), await trash('f.txt', 'two'), await trash('f.txt', 'three')];
    expect(items.map(({ copy }) => copy)).toEqual([1, 2, 3]);
    writeFileSync(at('f.txt'), 'new');
    const places = [];
    for (const item of [...items].reverse()) places.push(await restoreTrashed(disk.fs, item, limit));
    expect(places.map((place) => [place, read(place)])).toEqual([
      ['f (restored).txt', 'three'],
      ['f (restored 2).txt', 'two'],
      ['f (restored 3).txt', 'one'],
    ]);
    expect(read('f.txt')).toBe('new');
  });

  test('a file that has the place of a folder above stays', async () => {
    mkdirSync(at('docs'));
    const item = await trash('docs/f', 'content');
    rmSync(at('docs'), { recursive: true });
    writeFileSync(at('docs'), 'a file by now');
    expect(await restoreTrashed(disk.fs, item, limit)).toBe('docs (restored)/f');
    expect(read('docs (restored)/f')).toBe('content');
    expect(read('docs')).toBe('a file by now');
  });

  test.skipIf(process.platform === 'win32')('a link in the place of a folder above is not followed', async () => {
    mkdirSync(at('docs'));
    const item = await trash('docs/f', 'content');
    rmSync(at('docs'), { recursive: true });
    const outside = await tempFolder('outside');
    symlinkSync(outside, at('docs'));
    expect(await restoreTrashed(disk.fs, item, limit)).toBe('docs (restored)/f');
    expect(readdirSync(outside)).toEqual([]);
  });

  test('a name at its longest gives way to the mark', async () => {
    const name = `${'ä'.repeat(125)}.txt`;
    const item = await trash(name, 'old');
    writeFileSync(at(name), 'new');
    const place = await restoreTrashed(disk.fs, item, limit);
    expect(Buffer.byteLength(place)).toBeLessThanOrEqual(255);
    expect(place).toMatch(/^ä+ \(restored\)\.txt$/);
    expect(read(place)).toBe('old');
    expect(read(name)).toBe('new');
  });

  test('nothing outside of the trash is reached by a path or a batch', async () => {
    writeFileSync(at('f'), 'content');
    for (const wanted of ['../../f', '/etc/hostname', '', 'f']) {
      for (const batch of ['..', '.', 'b1', '']) {
        const asked = restoreTrashed(disk.fs, { batch, copy: 1, path: wanted }, limit);
        await expect(asked).rejects.toMatchObject({ kind: 'missing' });
      }
    }
    expect(read('f')).toBe('content');
  });
});
