import { expect, test } from 'vitest';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { preview } from '../../../src/engine/status/preview.ts';
import { transferMeter } from '../../../src/engine/transfer/transfer-meter.ts';
import { commands } from '../../../src/rpc/contract.ts';
import { pairStatus } from '../../../src/rpc/report.ts';
import * as rows from '../../contract/index-fixtures.ts';
import { type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

/** Folders and files that are only here, and some with the name of what is only in the vault. */
function addHere(device: VaultDevice, names: readonly string[]): void {
  const { index, context } = device;
  const id = () => newId<NodeId>(context.local.random);
  index.transaction((write) => {
    for (let i = 0; i < 5; i++) {
      const folder = id();
      const common = { size: 0, revision: null, differsFrom: null, exec: false };
      write.putLocal(rows.local({ ...common, id: folder, parent: rootNode, name: `folder${i}`, kind: 'folder' }));
      for (let j = 0; j < 8; j++) {
        const revision = newId<RevisionId>(context.local.random);
        const file = { ...common, id: id(), parent: folder, name: `file${j}`, kind: 'file' as const, revision };
        write.putLocal(rows.local({ ...file, size: 100 * i + j }));
      }
    }
    for (const name of names) {
      const revision = newId<RevisionId>(context.local.random);
      const row = { id: id(), parent: rootNode, name, kind: 'file' as const, size: 7, revision, exec: false };
      write.putLocal(rows.local({ ...row, differsFrom: null }));
    }
  });
}

test('a dry run in parts says what one of the whole says', async () => {
  const device = vaultContextWorld('preview', {}).device(0);
  await device.context.pull();
  const { index } = device;
  const agreed: NodeId[] = [];
  for (let i = 0; i < 6; i++) agreed.push(await device.file(`agreed${i}`, '1'));
  index.transaction((write) => {
    for (const node of agreed) {
      const remote = index.read.remote(node);
      if (remote === null) throw new Error('no such node');
      write.putSynced({ ...remote, localName: remote.name });
      // One of them was deleted here, one was moved, the others are edited.
      if (node === agreed[0]) continue;
      const revision = newId<RevisionId>(device.context.local.random);
      const row = rows.local({ ...remote, differsFrom: null });
      write.putLocal(node === agreed[1] ? { ...row, name: 'moved' } : { ...row, revision, size: 50 });
    }
  });
  const there = await device.folder('there');
  for (let i = 0; i < 9; i++) await device.file(`new${i}`, '4444', there);
  for (let i = 0; i < 4; i++) await device.file(`both${i}`, '22');
  addHere(device, ['both0', 'both1', 'here1', 'here2']);

  const whole = preview(device.context, { verbose: true });
  expect(whole.counts).toMatchObject({ deletes: 1, moves: 1 });
  expect(whole.counts.up).toBeGreaterThan(45);
  expect(whole.counts.down).toBeGreaterThan(9);
  const sorted = ({ lines }: typeof whole) => lines.map((line) => JSON.stringify(line)).sort();
  for (const partSize of [1, 7, 20, 50]) {
    const parts = preview(device.context, { verbose: true, partSize });
    expect(parts.counts, `${partSize} at a time`).toEqual(whole.counts);
    expect(sorted(parts), `${partSize} at a time`).toEqual(sorted(whole));
    expect(preview(device.context, { verbose: false, partSize })).toEqual({ counts: whole.counts, lines: [] });
  }
});

test('a folder that is on both sides is named once', async () => {
  const device = vaultContextWorld('both', {}).device(0);
  await device.context.pull();
  await device.folder('folder0');
  addHere(device, []);
  const named = preview(device.context, { verbose: true }).lines.filter(({ path }) => path === 'folder0');
  expect(named).toHaveLength(1);
});

test('what files say to be together may be more than the largest whole number', async () => {
  const device = vaultContextWorld('huge', {}).device(0);
  await device.context.pull();
  const { random } = device.context.local;
  const ref = {
    objectId: newId<ObjectId>(random),
    secret: random.bytes(32),
    hash: random.bytes(32),
    plainLength: 4096,
  };
  for (const name of ['one', 'two']) {
    const node = newId<NodeId>(random);
    const manifest = {
      node,
      revision: newId<RevisionId>(random),
      size: Number.MAX_SAFE_INTEGER,
      mtimeUs: 0,
      exec: false,
      content: { kind: 'pages' as const, pages: [ref], chunkCount: 17 },
    };
    await device.append({ type: 'create-file', node, parent: rootNode, name, manifest });
  }
  const planned = preview(device.context, { verbose: true });
  expect(commands.plan.output.parse(planned).counts).toMatchObject({ down: 2, bytesDown: 2 ** 54 - 2 });
  const meter = transferMeter(device.context.local.clock, () => undefined);
  meter.begin(2, planned.counts.bytesDown);
  expect(pairStatus.shape.down.parse(meter.progress()).bytesTotal).toBe(2 ** 54 - 2);
});
