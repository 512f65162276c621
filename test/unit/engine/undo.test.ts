import { beforeEach, expect, test, vi } from 'vitest';
import { type NodeId, newId, rootNode } from '../../../src/common/ids.ts';
import { listVault } from '../../../src/engine/history/list-vault.ts';
import { restore } from '../../../src/engine/history/restore.ts';
import { undo } from '../../../src/engine/history/undo.ts';
import { type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;

beforeEach(async () => {
  world = vaultContextWorld('undo');
  device = world.device(0);
  await device.context.pull();
});

const last = (): string => String(device.context.log.position.seq);
/** Live paths, files with the size of their content. */
const live = (of: VaultDevice = device): string[] =>
  listVault(of.context, '', { isRecursive: true, withDeleted: false }).map(
    (entry) => entry.path + (entry.kind === 'file' ? `=${entry.size}` : '/'),
  );

test('what was made is deleted', async () => {
  await device.file('a', '1');
  expect(await undo(device.context, last())).toMatchObject({ skipped: [] });
  expect(live()).toEqual([]);
});

test('a deleted folder comes back whole', async () => {
  const docs = await device.folder('docs');
  const inner = await device.folder('inner', docs);
  await device.file('a', '1', inner);
  const before = live();
  await device.append({ type: 'delete', node: docs });
  await undo(device.context, last());
  expect(live()).toEqual(before);
});

test('a move, an edit and a restore are taken back', async () => {
  const docs = await device.folder('docs');
  const file = await device.file('a', '1');
  await device.append({ type: 'place', node: file, parent: docs, name: 'b' });
  await undo(device.context, last());
  expect(live()).toEqual(['a=1', 'docs/']);
  await device.edit(file, '22');
  await undo(device.context, last());
  expect(live()).toEqual(['a=1', 'docs/']);
  await device.append({ type: 'delete', node: file });
  await restore(device.context, 'a', { revision: null });
  await undo(device.context, last());
  expect(live()).toEqual(['docs/']);
});

test('an undo can be undone', async () => {
  const file = await device.file('a', '1');
  await device.edit(file, '22');
  const first = await undo(device.context, last());
  await undo(device.context, first.batch);
  expect(live()).toEqual(['a=2']);
});

test('names that were exchanged, and a name that was given to another, go back', async () => {
  const [a, b] = [await device.file('a', '1'), await device.file('b', '22')];
  await device.append(
    { type: 'place', node: a, parent: rootNode, name: 'tmp' },
    { type: 'place', node: b, parent: rootNode, name: 'a' },
    { type: 'place', node: a, parent: rootNode, name: 'b' },
  );
  expect(live()).toEqual(['a=2', 'b=1']);
  await undo(device.context, last());
  expect(live()).toEqual(['a=1', 'b=2']);
  const c = newId<NodeId>(device.context.local.random);
  await device.append(
    { type: 'place', node: b, parent: rootNode, name: 'away' },
    { type: 'create-folder', node: c, parent: rootNode, name: 'b' },
  );
  await undo(device.context, last());
  expect(live()).toEqual(['a=1', 'b=2']);
});

test('a made folder goes with all that was made in it, and by one operation', async () => {
  const [docs, inner] = [newId<NodeId>(device.context.local.random), newId<NodeId>(device.context.local.random)];
  await device.append(
    { type: 'create-folder', node: docs, parent: rootNode, name: 'docs' },
    { type: 'create-folder', node: inner, parent: docs, name: 'inner' },
  );
  await undo(device.context, last());
  expect(live()).toEqual([]);
  expect(device.index.read.vaultRow(inner)?.isDeleted).toBe(true);
});

test('how deep folders are is not looked up anew for each that is compared', async () => {
  const levels = 200;
  let parent: NodeId = rootNode;
  const operations = Array.from({ length: levels }, () => {
    const node = newId<NodeId>(device.context.local.random);
    const operation = { type: 'create-folder' as const, node, parent, name: 'd' };
    parent = node;
    return operation;
  });
  await device.append(...operations);
  const looks = vi.spyOn(device.context.local.index.read, 'vaultRow');
  await undo(device.context, last());
  expect(live()).toEqual([]);
  expect(looks.mock.calls.length).toBeLessThan(20 * levels);
});

test('what is newer stays: it is skipped by path, and the rest goes back', async () => {
  const random = device.context.local.random;
  const [docs, other] = [newId<NodeId>(random), newId<NodeId>(random)];
  await device.append(
    { type: 'create-folder', node: docs, parent: rootNode, name: 'docs' },
    { type: 'create-folder', node: other, parent: rootNode, name: 'other' },
  );
  const batch = last();
  await device.file('mine', 'later', docs);
  const { skipped } = await undo(device.context, batch);
  expect(skipped).toEqual(['docs']);
  expect(live()).toEqual(['docs/', 'docs/mine=5']);
});

test('what was made, and edited or moved since, is not deleted', async () => {
  const edited = await device.file('edited', '1');
  const first = last();
  await device.edit(edited, '22');
  await expect(undo(device.context, first)).rejects.toMatchObject({ kind: 'conflict' });
  const moved = await device.file('a', '1');
  const second = last();
  await device.append({ type: 'place', node: moved, parent: rootNode, name: 'moved' });
  await expect(undo(device.context, second)).rejects.toMatchObject({ kind: 'conflict' });
  expect(live()).toEqual(['edited=2', 'moved=1']);
});

test('what cannot go back takes no other name on the way', async () => {
  const docs = await device.folder('docs');
  const inner = await device.file('inner', '1', docs);
  const file = await device.file('a', '22');
  await device.append(
    { type: 'place', node: file, parent: rootNode, name: 'b' },
    { type: 'place', node: inner, parent: rootNode, name: 'a' },
  );
  const batch = last();
  await device.append({ type: 'delete', node: docs });
  await expect(undo(device.context, batch)).rejects.toMatchObject({ kind: 'conflict' });
  expect(live()).toEqual(['a=1', 'b=2']);
});

test('what another device wrote between the entries of a batch stays', async () => {
  await device.file('a', '1');
  const first = last();
  const other = world.device(1);
  await other.context.pull();
  await other.file('theirs', '1');
  await device.context.pull();
  await device.file('b', '1');
  await undo(device.context, `${first}-${last()}`);
  expect(live()).toEqual(['theirs=1']);
});

test('an edit after the edit, a move after the move, a delete after either: nothing to take back', async () => {
  const file = await device.file('a', '1');
  await device.edit(file, '22');
  const edit = last();
  await device.edit(file, '333');
  await expect(undo(device.context, edit)).rejects.toMatchObject({ kind: 'conflict' });
  await device.append({ type: 'place', node: file, parent: rootNode, name: 'b' });
  const move = last();
  await device.append({ type: 'place', node: file, parent: rootNode, name: 'c' });
  await expect(undo(device.context, move)).rejects.toMatchObject({ kind: 'conflict' });
  expect(live()).toEqual(['c=3']);
});

test('a move is taken back although the file was edited since', async () => {
  const file = await device.file('a', '1');
  await device.append({ type: 'place', node: file, parent: rootNode, name: 'b' });
  const move = last();
  await device.edit(file, '22');
  await undo(device.context, move);
  expect(live()).toEqual(['a=2']);
});

test('a former content that is not kept any more is skipped', async () => {
  const file = await device.file('a', '1');
  await device.append({ type: 'place', node: file, parent: rootNode, name: 'b' });
  const [first] = device.index.read.revisionsOf(file);
  await device.edit(file, '22');
  const edit = last();
  await device.append({ type: 'release', revisions: first === undefined ? [] : [first.revision] });
  await expect(undo(device.context, edit)).rejects.toMatchObject({ kind: 'conflict' });
});

test('another device that is first is not undone', async () => {
  const docs = await device.folder('docs');
  const batch = last();
  const other = world.device(1);
  await other.context.pull();
  await other.file('theirs', '1', docs);
  await expect(undo(device.context, batch)).rejects.toMatchObject({ kind: 'conflict' });
  expect(live()).toEqual(['docs/', 'docs/theirs=1']);
});

test('a change of another device can be undone', async () => {
  await device.file('a', '1');
  const other = world.device(1);
  await other.context.pull();
  await undo(other.context, last());
  expect(live(other)).toEqual([]);
});

test('an unknown batch is missing', async () => {
  for (const batch of ['99', '1-99999999', 'nonsense', '']) {
    await expect(undo(device.context, batch)).rejects.toMatchObject({ kind: 'missing' });
  }
});

test('what took several entries is one batch, and goes back as one', async () => {
  const nodes = Array.from({ length: 4200 }, () => newId<NodeId>(device.context.local.random));
  const docs = await device.folder('docs');
  for (let at = 0; at < nodes.length; at += 2100) {
    await device.append(
      ...nodes
        .slice(at, at + 2100)
        .map((node, i) => ({ type: 'create-folder' as const, node, parent: docs, name: `f${at + i}` })),
    );
  }
  await device.append({ type: 'delete', node: docs });
  const { batch } = await restore(device.context, 'docs', { revision: null });
  expect(batch).toMatch(/^\d+-\d+$/);
  expect(live()).toHaveLength(4201);
  await undo(device.context, batch);
  expect(live()).toEqual([]);
});
