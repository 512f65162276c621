import { beforeEach, expect, test } from 'vitest';
import { listActivity } from '../../../src/engine/history/activity.ts';
import { listTrash } from '../../../src/engine/history/list-trash.ts';
import { listVault } from '../../../src/engine/history/list-vault.ts';
import { listVersions } from '../../../src/engine/history/versions.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import type { VaultEntry } from '../../../src/model/status.ts';
import { type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let device: VaultDevice;
const trashed = { batch: '3', path: 'docs/old.txt', copy: 1, size: 5, mtimeUs: 1_000_000, keptUs: 7_000_000 };
const fs = { listTrash: async () => [trashed] } as unknown as Partial<FileSystem>;

beforeEach(async () => {
  device = vaultContextWorld('list', fs).device(0);
  await device.context.pull();
});

const all = { isRecursive: true, withDeleted: false };
const withDeleted = { isRecursive: true, withDeleted: true };
const shown = (entries: readonly VaultEntry[]): string[] =>
  entries.map((entry) => `${entry.path}${entry.kind === 'folder' ? '/' : ''}${entry.isDeleted ? ' (deleted)' : ''}`);
const nameOf = () => 'Laptop';

test('a folder lists its content by name, each folder before what is in it', async () => {
  const docs = await device.folder('docs');
  await device.file('b.txt', 'b', docs);
  await device.file('a.txt', 'a', docs);
  await device.file('z', 'z');
  expect(shown(listVault(device.context, '', all))).toEqual(['docs/', 'docs/a.txt', 'docs/b.txt', 'z']);
  expect(shown(listVault(device.context, '/', { ...all, isRecursive: false }))).toEqual(['docs/', 'z']);
  expect(shown(listVault(device.context, '/docs/', all))).toEqual(['docs/a.txt', 'docs/b.txt']);
  expect(listVault(device.context, 'docs/a.txt', all)).toMatchObject([{ name: 'a.txt', size: 1, isDeleted: false }]);
});

test('names are found in any Unicode form', async () => {
  await device.file('e\u0301', 'x');
  expect(listVault(device.context, '\u00e9', all)).toHaveLength(1);
});

test('what is not there is missing', () => {
  expect(() => listVault(device.context, 'nothing', all)).toThrow(expect.objectContaining({ kind: 'missing' }));
});

test('deleted nodes are shown at their last place, those in deleted folders too, and only on request', async () => {
  const docs = await device.folder('docs');
  const inner = await device.folder('inner', docs);
  const file = await device.file('a.txt', 'a', inner);
  await device.file('b.txt', 'b', docs);
  await device.append({ type: 'delete', node: inner });
  expect(shown(listVault(device.context, '', all))).toEqual(['docs/', 'docs/b.txt']);
  const everything = ['docs/', 'docs/b.txt', 'docs/inner/ (deleted)', 'docs/inner/a.txt (deleted)'];
  expect(shown(listVault(device.context, '', withDeleted))).toEqual(everything);
  expect(shown(listVault(device.context, 'docs/inner', withDeleted))).toEqual(['docs/inner/a.txt (deleted)']);
  expect(() => listVault(device.context, 'docs/inner', all)).toThrow(expect.objectContaining({ kind: 'missing' }));
  await device.append({ type: 'place', node: docs, parent: '0'.repeat(32) as typeof docs, name: 'papers' });
  expect(shown(listVault(device.context, '', withDeleted))).toContain('papers/inner/a.txt (deleted)');
  const [revision] = device.index.read.revisionsOf(file);
  await device.append({ type: 'release', revisions: revision === undefined ? [] : [revision.revision] });
  expect(shown(listVault(device.context, '', withDeleted))).not.toContain('papers/inner/a.txt (deleted)');
});

test('versions are newest first, and are there for a deleted file as well', async () => {
  const file = await device.file('a.txt', 'one');
  await device.edit(file, 'second');
  const versions = listVersions(device.context, '/a.txt', nameOf);
  expect(versions.map(({ size, isCurrent, deviceName }) => [size, isCurrent, deviceName])).toEqual([
    [6, true, 'Laptop'],
    [3, false, 'Laptop'],
  ]);
  await device.append({ type: 'delete', node: file });
  expect(listVersions(device.context, 'a.txt', nameOf).map((version) => version.isCurrent)).toEqual([false, false]);
  await device.file('a.txt', 'another file');
  expect(listVersions(device.context, 'a.txt', nameOf)).toHaveLength(1);
  expect(listVersions(device.context, 'a.txt', nameOf, file).map((version) => version.isCurrent)).toEqual([
    false,
    false,
  ]);
});

test('only files have versions', async () => {
  await device.folder('docs');
  expect(() => listVersions(device.context, 'docs', nameOf)).toThrow(expect.objectContaining({ kind: 'usage' }));
  expect(() => listVersions(device.context, 'no', nameOf)).toThrow(expect.objectContaining({ kind: 'missing' }));
});

test('activity tells what happened, newest first, page by page, by the paths of today', async () => {
  const docs = await device.folder('docs');
  const file = await device.file('a.txt', 'a', docs);
  await device.append({ type: 'place', node: file, parent: docs, name: 'b.txt' });
  await device.edit(file, 'b');
  await device.append({ type: 'delete', node: docs });
  const items = listActivity(device.context, { limit: 3, before: null }, nameOf);
  expect(items.map((item) => item.changes)).toEqual([
    [{ what: 'delete', kind: 'folder', path: 'docs', from: null }],
    [{ what: 'revise', kind: 'file', path: 'docs/b.txt', from: null }],
    [{ what: 'place', kind: 'file', path: 'docs/b.txt', from: 'docs/a.txt' }],
  ]);
  expect(items.map((item) => item.changeCount)).toEqual([2, 1, 1]);
  const rest = listActivity(device.context, { limit: 10, before: items.at(-1)?.batch ?? null }, nameOf);
  expect(rest.map((item) => item.changes[0]?.path)).toEqual(['docs/b.txt', 'docs']);
});

test('an item lists fifty changes and counts all', async () => {
  const operations = Array.from({ length: 60 }, (_, i) => ({
    type: 'create-folder' as const,
    node: (i + 1).toString(16).padStart(32, '0') as VaultEntry['node'],
    parent: '0'.repeat(32) as VaultEntry['node'],
    name: `f${i}`,
  }));
  await device.append(...operations);
  const [item] = listActivity(device.context, { limit: 1, before: null }, nameOf);
  expect(item?.changes).toHaveLength(50);
  expect(item?.changeCount).toBe(60);
});

test('the trash has the files kept here, and in the vault each thing that was deleted as one', async () => {
  const docs = await device.folder('docs');
  await device.file('a.txt', 'four', docs);
  await device.file('b.txt', 'seven..', docs);
  const loose = await device.file('loose', 'xy');
  await device.append({ type: 'delete', node: docs });
  await device.append({ type: 'delete', node: loose });
  const items = await listTrash(device.context);
  expect(items.filter((item) => item.where === 'vault').map(({ path, size }) => [path, size])).toEqual([
    ['loose', 2],
    ['docs', 11],
  ]);
  const local = items.find((item) => item.where === 'local');
  expect(local).toMatchObject({ path: 'docs/old.txt', size: 5, batch: '3' });
  expect(local?.deletedAt).toBe(device.index.read.batch('3')?.time);
  device.index.transaction((write) => write.removeBatches(9, Number.MAX_SAFE_INTEGER));
  const [later] = (await listTrash(device.context)).filter((item) => item.where === 'local');
  expect(later?.deletedAt).toBe(trashed.keptUs / 1000);
});
