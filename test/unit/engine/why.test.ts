import { beforeEach, expect, test } from 'vitest';
import { type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { preview } from '../../../src/engine/status/preview.ts';
import { explain } from '../../../src/engine/status/why.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import * as rows from '../../contract/index-fixtures.ts';
import { type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;
const onDisk = new Set<string>();
const fs = {
  stat: async (path: RelativePath) => (onDisk.has(path) ? { kind: 'file' } : null),
} as unknown as Partial<FileSystem>;

beforeEach(async () => {
  onDisk.clear();
  world = vaultContextWorld('why', fs);
  device = world.device(0);
  await device.context.pull();
});

/** The node is on disk and agreed, as the vault has it. */
function agree(node: NodeId): void {
  const remote = device.index.read.remote(node);
  if (remote === null) throw new Error('no such node');
  device.index.transaction((write) => {
    write.putLocal(rows.local({ ...remote, differsFrom: null }));
    write.putSynced({ ...remote, localName: remote.name });
  });
}

const edit = (node: NodeId, change: Partial<ReturnType<typeof rows.local>>): void => {
  const row = device.index.read.localRow(node);
  if (row === null) throw new Error('no such node');
  device.index.transaction((write) => write.putLocal({ ...row, ...change }));
};

const newRevision = () => newId<RevisionId>(device.context.local.random);
const why = (path: string) => explain(device.context, path);

test('a file in step: the three rows in words, and nothing to do', async () => {
  const docs = await device.folder('docs');
  const file = await device.file('a.txt', 'four', docs);
  agree(docs);
  agree(file);
  const told = await why('docs/a.txt');
  expect(told).toMatchObject({ path: 'docs/a.txt', node: file, lastError: null, nextTry: null });
  expect(told.local).toMatch(/^File docs\/a\.txt: 4 bytes of 2023-.*, revision [0-9a-f]{8}\.$/);
  expect(told.remote).toMatch(/^File docs\/a\.txt, placed there by change 3 of 2023-/);
  expect(told.synced).toMatch(/^File a\.txt, revision [0-9a-f]{8}\.$/);
  expect(told.rule).toMatch(/^In step/);
  expect((await why('docs')).rule).toMatch(/^In step/);
});

test('the rule that fires is told: an edit here, an edit there, both', async () => {
  const [here, there, both] = [
    await device.file('here', '1'),
    await device.file('there', '1'),
    await device.file('both', '1'),
  ];
  for (const node of [here, there, both]) agree(node);
  edit(here, { revision: newRevision() });
  edit(both, { revision: newRevision(), differsFrom: null, size: 99 });
  await device.edit(there, '22');
  await device.edit(both, '22');
  expect((await why('here')).rule).toMatch(/edited on this device/);
  expect((await why('there')).rule).toMatch(/edited on another device/);
  expect((await why('both')).rule).toMatch(/edited on both sides|compared/);
});

test('what failed tells its error and its next try, and the rule that will fire then', async () => {
  const file = await device.file('a', '1');
  agree(file);
  edit(file, { revision: newRevision() });
  const retryAt = world.clock.now() + 5000;
  device.index.transaction((write) =>
    write.putBlocked({
      node: file,
      side: 'local',
      reason: 'locked',
      message: 'The file is in use.',
      attempts: 2,
      retryAt,
    }),
  );
  expect(await why('a')).toMatchObject({
    lastError: 'The file is in use.',
    nextTry: retryAt,
    rule: expect.stringMatching(/edited on this device/),
  });
});

test('a folder deleted here speaks for all that was in it', async () => {
  const docs = await device.folder('docs');
  const file = await device.file('a', '1', docs);
  for (const node of [docs, file]) agree(node);
  device.index.transaction((write) => {
    write.removeLocal(file);
    write.removeLocal(docs);
  });
  expect(await why('docs/a')).toMatchObject({
    local: 'Not in the folder here.',
    rule: expect.stringMatching(/deleted on this device/),
  });
});

test('what was deleted is explained also where its name is another’s by now', async () => {
  const gone = await device.file('a', '1');
  await device.append({ type: 'delete', node: gone });
  const there = await device.file('a', '2');
  agree(there);
  expect(await why('a')).toMatchObject({ node: there, rule: expect.stringMatching(/^In step/) });
  expect(await explain(device.context, 'a', gone)).toMatchObject({
    node: gone,
    path: 'a',
    local: 'Not in the folder here.',
    remote: expect.stringMatching(/^Deleted from a by change/),
    synced: 'Both sides agree that it is gone.',
  });
});

test('deletes that wait for the person say so', async () => {
  const nodes: NodeId[] = [];
  for (let i = 0; i < 60; i++) nodes.push(await device.file(`f${i}`, '1'));
  for (const node of nodes) agree(node);
  device.index.transaction((write) => {
    for (const node of nodes) write.removeLocal(node);
  });
  expect((await why('f7')).rule).toMatch(/waits for you/);
  expect(preview(device.context, { verbose: false }).counts).toMatchObject({ held: 60, deletes: 0 });
});

test('what is deleted on both sides, ignored, not synced, or not seen yet is explained too', async () => {
  const gone = await device.file('gone', '1');
  await device.append({ type: 'delete', node: gone });
  expect(await why('gone')).toMatchObject({
    node: gone,
    remote: expect.stringMatching(/^Deleted from gone by change 3/),
    synced: 'Both sides agree that it is gone.',
  });
  onDisk.add('x.tmp').add('new');
  expect((await why('x.tmp')).rule).toMatch(/ignored/);
  expect((await why('new')).rule).toMatch(/not looked at yet/);
  device.context.issues.raise({
    id: 'unsynced:link',
    kind: 'skipped',
    message: 'link is a symbolic link.',
    path: 'link',
  });
  expect((await why('link')).rule).toBe('link is a symbolic link.');
  await expect(why('nowhere')).rejects.toMatchObject({ kind: 'missing' });
  await expect(why('')).rejects.toMatchObject({ kind: 'usage' });
});

test('a stopped vault says that it is stopped', async () => {
  agree(await device.file('a', '1'));
  const stop = world.device(1);
  await stop.context.pull();
  const { securityError } = await import('../../../src/common/errors.ts');
  expect(() => device.context.log.freeze(securityError('E_FORK', 'Another history.'))).toThrow('Another history.');
  expect((await why('a')).rule).toMatch(/Stopped for security.*Another history/);
});

test('the dry run counts and lists without doing anything', async () => {
  const [moved, gone, edited] = [await device.file('m', '1'), await device.file('g', '1'), await device.file('e', '1')];
  for (const node of [moved, gone, edited]) agree(node);
  edit(moved, { name: 'm2' });
  edit(edited, { revision: newRevision(), size: 123 });
  device.index.transaction((write) => write.removeLocal(gone));
  await device.file('theirs', '4444');
  const { counts, lines } = preview(device.context, { verbose: true });
  expect(counts).toEqual({ up: 1, down: 1, deletes: 1, moves: 1, conflicts: 0, held: 0, bytesUp: 123, bytesDown: 4 });
  expect(lines.map(({ direction, operation, path }) => [direction, operation, path])).toEqual(
    expect.arrayContaining([
      ['up', 'place', 'm → m2'],
      ['up', 'delete', 'g'],
      ['up', 'revise', 'e'],
      ['down', 'create-file', 'theirs'],
    ]),
  );
  expect(lines.every((line) => line.rule.endsWith('.'))).toBe(true);
  expect(preview(device.context, { verbose: false })).toEqual({ counts, lines: [] });
  expect(device.index.read.remote(gone)).not.toBeNull();
  expect(device.index.read.remoteByName(rootNode, 'm')?.id).toBe(moved);
});
