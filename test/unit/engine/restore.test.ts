import { beforeEach, describe, expect, test } from 'vitest';
import { type NodeId, rootNode } from '../../../src/common/ids.ts';
import { listVault } from '../../../src/engine/history/list-vault.ts';
import { restore } from '../../../src/engine/history/restore.ts';
import { manifestChunks } from '../../../src/engine/transfer/manifest-chunks.ts';
import { type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;

beforeEach(async () => {
  world = vaultContextWorld('restore');
  device = world.device(0);
  await device.context.pull();
});

const live = (of: VaultDevice = device): string[] =>
  listVault(of.context, '', { isRecursive: true, withDeleted: false }).map((entry) => entry.path);

/** The text of the current version, fetched and opened. */
async function textOf(path: string, of: VaultDevice = device): Promise<string> {
  const [entry] = listVault(of.context, path, { isRecursive: false, withDeleted: false });
  const { crypto, source } = of.context.content;
  const sealed = entry && of.index.read.currentManifest(entry.node);
  if (!entry?.revision || !sealed) throw new Error('no file');
  const parts = await manifestChunks(crypto.openManifest(entry.revision, sealed), { crypto, source });
  const texts = await Promise.all(
    parts.map(async (part) => crypto.openChunk(part, await source.fetch(part.objectId, 5000))),
  );
  return Buffer.concat(texts).toString();
}

const latest = { revision: null };

describe('what was deleted', () => {
  test('a file comes back as the same node', async () => {
    const file = await device.file('a.txt', 'kept');
    await device.append({ type: 'delete', node: file });
    const { batch } = await restore(device.context, 'a.txt', latest);
    expect(live()).toEqual(['a.txt']);
    expect(device.index.read.remoteByName(rootNode, 'a.txt')?.id).toBe(file);
    expect(batch).toBe(String(device.context.log.position.seq));
    expect(await textOf('a.txt')).toBe('kept');
  });

  test('a folder comes back with all that was deleted with it, and without what was deleted before', async () => {
    const docs = await device.folder('docs');
    const inner = await device.folder('inner', docs);
    const before = await device.file('before', '0', inner);
    await device.file('with', '1', inner);
    await device.append({ type: 'delete', node: before });
    await device.append({ type: 'delete', node: docs });
    await restore(device.context, 'docs', latest);
    expect(live()).toEqual(['docs', 'docs/inner', 'docs/inner/with']);
  });

  test('folders above that are gone come back first, empty', async () => {
    const docs = await device.folder('docs');
    const inner = await device.folder('inner', docs);
    await device.file('a', '1', inner);
    await device.file('b', '2', inner);
    await device.append({ type: 'delete', node: docs });
    await restore(device.context, 'docs/inner/a', latest);
    expect(live()).toEqual(['docs', 'docs/inner', 'docs/inner/a']);
  });

  test('a new folder that has taken the place of the one above is used', async () => {
    const docs = await device.folder('docs');
    await device.file('a', '1', docs);
    await device.append({ type: 'delete', node: docs });
    const other = await device.folder('docs');
    await restore(device.context, 'docs/a', latest);
    expect(device.index.read.remoteChildren(other).map((child) => child.name)).toEqual(['a']);
    expect(live()).toEqual(['docs', 'docs/a']);
  });

  test('a name that is taken gets a mark, again and again', async () => {
    for (const content of ['1', '2', '3']) {
      const file = await device.file('a.txt', content);
      await device.append({ type: 'delete', node: file });
    }
    const docs = await device.folder('docs');
    await device.append({ type: 'delete', node: docs });
    await device.file('docs', 'a file of that name');
    await expect(restore(device.context, 'docs', latest)).rejects.toMatchObject({ kind: 'missing' });
    await restore(device.context, 'a.txt', latest);
    await expect(restore(device.context, 'a.txt', latest)).rejects.toMatchObject({ kind: 'missing' });
    const revision = device.index.read.revisionsOf(
      [...device.index.read.deleted()].find((row) => row.name === 'a.txt')?.id ?? rootNode,
    )[0]?.revision;
    await restore(device.context, 'a.txt', { revision: revision ?? null });
    expect(live()).toEqual(['a (restored).txt', 'a.txt', 'docs']);
  });

  test('where another file has the name by now, the deleted one is named by its node; without it, one is told where it is', async () => {
    const former = await device.file('a.txt', 'former');
    await device.append({ type: 'delete', node: former });
    const present = await device.file('a.txt', 'present');
    const nothing = restore(device.context, 'a.txt', latest);
    await expect(nothing).rejects.toMatchObject({ kind: 'missing', hint: expect.stringContaining('trash') });
    await device.edit(present, 'edited');
    await restore(device.context, 'a.txt', { ...latest, node: former });
    expect(live()).toEqual(['a (restored).txt', 'a.txt']);
    expect([await textOf('a (restored).txt'), await textOf('a.txt')]).toEqual(['former', 'edited']);
    await expect(restore(device.context, 'a.txt', { ...latest, node: 'f'.repeat(32) as NodeId })).rejects.toMatchObject(
      {
        kind: 'missing',
      },
    );
  });

  test('an older version of a deleted file comes back with the file', async () => {
    const file = await device.file('a.txt', 'first');
    const [first] = device.index.read.revisionsOf(file);
    await device.edit(file, 'second');
    await device.append({ type: 'delete', node: file });
    await restore(device.context, 'a.txt', { revision: first?.revision ?? null });
    expect(await textOf('a.txt')).toBe('first');
  });

  test('what is nowhere, or is not kept any more, is missing', async () => {
    const file = await device.file('a.txt', '1');
    await expect(restore(device.context, 'no', latest)).rejects.toMatchObject({ kind: 'missing' });
    await device.append({ type: 'delete', node: file });
    const kept = device.index.read.revisionsOf(file).map((info) => info.revision);
    await device.append({ type: 'release', revisions: kept });
    await expect(restore(device.context, 'a.txt', latest)).rejects.toMatchObject({ kind: 'missing' });
  });

  test('another device that is first does not stop it', async () => {
    const docs = await device.folder('docs');
    await device.file('a', '1', docs);
    await device.append({ type: 'delete', node: docs });
    const other = world.device(1);
    await other.context.pull();
    await other.folder('docs');
    await restore(device.context, 'docs', latest);
    expect(live()).toEqual(['docs', 'docs (restored)', 'docs (restored)/a']);
    await other.context.pull();
    expect(live(other)).toEqual(live());
  });
});

describe('older versions', () => {
  test('the one before the current one comes back as a new one, and nothing of the history is lost', async () => {
    const file = await device.file('a.txt', 'first');
    const [first] = device.index.read.revisionsOf(file);
    world.clock.time += 5000;
    await device.edit(file, 'second');
    const put = world.storage.bytesPut();
    await restore(device.context, 'a.txt', latest);
    expect(await textOf('a.txt')).toBe('first');
    expect(world.storage.bytesPut()).toBe(put);
    const versions = device.index.read.revisionsOf(file);
    expect(versions).toHaveLength(3);
    expect(versions[0]).toMatchObject({ mtimeUs: first?.mtimeUs, size: 5 });
    expect(versions[0]?.revision).not.toBe(first?.revision);
  });

  test('a content with pages gets pages of its own', async () => {
    const long = 'long '.repeat(100);
    const file = await device.file('a.txt', long);
    await device.edit(file, 'short');
    await restore(device.context, 'a.txt', latest);
    expect(await textOf('a.txt')).toBe(long);
    const other = world.device(1);
    await other.context.pull();
    expect(await textOf('a.txt', other)).toBe(long);
  });

  test('everything that it needs is retained again', async () => {
    const file = await device.file('a.txt', 'first');
    await device.edit(file, 'second');
    await restore(device.context, 'a.txt', latest);
    const entry = world.storage.vault(world.vault).entries.at(-1);
    expect(entry?.retained).toHaveLength(1);
    expect(entry?.released).toEqual([]);
  });

  test('another device that edits the file at the same moment keeps its content', async () => {
    const file = await device.file('a.txt', 'first');
    await device.edit(file, 'second');
    const other = world.device(1);
    await other.context.pull();
    await other.edit(file, 'third');
    await expect(restore(device.context, 'a.txt', latest)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await textOf('a.txt')).toBe('third');
  });

  test('a deleted file whose last version is gone is not brought back by way of an older one', async () => {
    const file = await device.file('a.txt', 'first');
    await device.edit(file, 'second');
    const [newest, first] = device.index.read.revisionsOf(file).map((info) => info.revision);
    await device.append({ type: 'delete', node: file });
    await device.append({ type: 'release', revisions: newest === undefined ? [] : [newest] });
    const older = restore(device.context, 'a.txt', { revision: first ?? null });
    await expect(older).rejects.toMatchObject({ kind: 'missing' });
  });

  test('what the server does not hold any more is not said to be restored', async () => {
    const file = await device.file('a.txt', 'first');
    await device.edit(file, 'second');
    world.storage.vault(world.vault).objects.clear();
    await expect(restore(device.context, 'a.txt', latest)).rejects.toMatchObject({ kind: 'missing' });
    expect(device.index.read.revisionsOf(file)).toHaveLength(2);
  });

  test('what cannot be meant is refused', async () => {
    const file = await device.file('a.txt', 'only');
    const [only] = device.index.read.revisionsOf(file);
    await device.folder('docs');
    const other = await device.file('b', 'b');
    const [foreign] = device.index.read.revisionsOf(other);
    await expect(restore(device.context, 'a.txt', latest)).rejects.toMatchObject({ kind: 'missing' });
    await expect(restore(device.context, 'docs', latest)).rejects.toMatchObject({ kind: 'usage' });
    await expect(restore(device.context, '', latest)).rejects.toMatchObject({ kind: 'usage' });
    const current = { revision: only?.revision ?? null };
    await expect(restore(device.context, 'a.txt', current)).rejects.toMatchObject({ kind: 'usage' });
    const wrong = { revision: foreign?.revision ?? null };
    await expect(restore(device.context, 'a.txt', wrong)).rejects.toMatchObject({ kind: 'missing' });
  });
});
