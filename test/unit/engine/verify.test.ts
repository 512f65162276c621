import { beforeEach, expect, test } from 'vitest';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { verify } from '../../../src/engine/status/verify.ts';
import type { VaultApi } from '../../../src/remote/storage-api.ts';
import { type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;
let file: NodeId;
const long = Uint8Array.from({ length: 600 }, (_, i) => i % 251);

beforeEach(async () => {
  world = vaultContextWorld('verify');
  device = world.device(0);
  await device.context.pull();
  const docs = await device.folder('docs');
  file = await device.file('a.txt', 'first', docs);
  await device.edit(file, 'second');
  await device.file('long', long);
});

const shallow = { isDeep: false };
const deep = { isDeep: true };
const current = () => device.index.read.vaultRow(file)?.revision;
const objects = () => world.storage.vault(world.vault).objects;

function damage(id: ObjectId): void {
  const bytes = must(objects().get(id));
  bytes[30] = (bytes[30] ?? 0) ^ 1;
}

function objectsOf(node: NodeId, at = 0): ObjectId[] {
  const info = must(device.index.read.revisionsOf(node)[at]);
  const { content } = device.context.content.crypto.openManifest(
    info.revision,
    must(device.index.read.revision(info.revision)).manifest,
  );
  return (content.kind === 'chunks' ? content.chunks : content.pages).map((ref) => ref.objectId);
}

for (const how of [shallow, deep]) {
  test(`a sound vault has no problems (${JSON.stringify(how)})`, async () => {
    const report = await verify(device.context, device.storage, how);
    expect(report).toEqual({ nodes: 3, revisions: 3, objects: 2 + 20 + 1, bytes: 5 + 6 + 600, problems: [] });
  });

  test(`a missing object is told by path, current and old (${JSON.stringify(how)})`, async () => {
    for (const id of [...objectsOf(file, 0), ...objectsOf(file, 1)]) objects().delete(id);
    const { problems } = await verify(device.context, device.storage, how);
    expect(problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['docs/a.txt', expect.stringMatching(/^docs\/a\.txt \(version [0-9a-f]{32}\)$/)]),
    );
    expect(problems.every(({ problem }) => problem === 'A part of it is missing on the server.')).toBe(true);
    expect(problems).toHaveLength(2);
  });

  test(`a page that does not open is told (${JSON.stringify(how)})`, async () => {
    const node = must([...device.index.read.vaultRows()].find((row) => row.name === 'long')).id;
    const [page] = objectsOf(node);
    damage(must(page));
    const { problems } = await verify(device.context, device.storage, how);
    const problem = expect.stringMatching(
      /^A part of it on the server is not what was stored\. .* old versions of other /,
    );
    expect(problems).toEqual([{ path: 'long', problem }]);
  });

  test(`versions of deleted files are checked too (${JSON.stringify(how)})`, async () => {
    await device.append({ type: 'delete', node: file });
    for (const id of objectsOf(file)) objects().delete(id);
    const { problems, nodes } = await verify(device.context, device.storage, how);
    expect(nodes).toBe(2);
    expect(problems.map(({ path }) => path)).toEqual(['docs/a.txt (deleted)']);
  });
}

test('only a deep look finds bytes that were changed on the server', async () => {
  const [id] = objectsOf(file);
  damage(must(id));
  expect((await verify(device.context, device.storage, shallow)).problems).toEqual([]);
  expect((await verify(device.context, device.storage, deep)).problems).toMatchObject([{ path: 'docs/a.txt' }]);
});

test('what a server says that it does not hold is fetched before it is called missing', async () => {
  const reticent: Pick<VaultApi, 'heldObjects'> = { heldObjects: async () => new Set() };
  expect((await verify(device.context, reticent, shallow)).problems).toEqual([]);
});

test('an object that comes right the second time is no problem', async () => {
  const [id] = objectsOf(file);
  const { api } = world.storage;
  const getObjects = api.getObjects.bind(api);
  let times = 0;
  api.getObjects = async function* (...args) {
    for await (const object of getObjects(...args)) {
      if (object.id === id && ++times === 1) object.bytes?.fill(7);
      yield object;
    }
  };
  expect((await verify(device.context, device.storage, deep)).problems).toEqual([]);
  expect(times).toBe(2);
});

test('a version that the vault gives up while it is checked is no problem, though its objects go', async () => {
  const kept = device.index.read.revisionsOf(file);
  const at = kept.findIndex(({ revision }) => revision !== current());
  const [id] = objectsOf(file, at);
  const { api } = world.storage;
  const getObjects = api.getObjects.bind(api);
  api.getObjects = async function* (vault, ids, ...rest) {
    if (ids.includes(must(id))) {
      device.index.transaction((write) => write.removeRevisions([must(kept[at]).revision]));
      objects().delete(must(id));
    }
    yield* getObjects(vault, ids, ...rest);
  };
  expect((await verify(device.context, device.storage, deep)).problems).toEqual([]);
  expect(objects().has(must(id))).toBe(false);
});

test('a server that cannot be reached is no damage: it cannot be told', async () => {
  world.storage.before = () => {
    throw new HoldfastError('offline', 'no connection');
  };
  await expect(verify(device.context, device.storage, deep)).rejects.toMatchObject({ kind: 'offline' });
  await expect(verify(device.context, device.storage, shallow)).rejects.toMatchObject({ kind: 'offline' });
});

test('an object that is sound for one file is not taken for what others say that it is', async () => {
  const { crypto } = device.context.content;
  const { random } = device.context.local;
  const { revision, manifest: sealed } = must(
    device.index.read.revision(must(device.index.read.remote(file)?.revision)),
  );
  const manifest = crypto.openManifest(revision, sealed);
  const [ref] = manifest.content.kind === 'chunks' ? manifest.content.chunks : [];
  const names = ['one', 'two'];
  for (const [at, name] of names.entries()) {
    const chunks = [{ ...must(ref), hash: new Uint8Array(32).fill(at) }];
    const node = newId<NodeId>(random);
    const forged = {
      ...manifest,
      node,
      revision: newId<RevisionId>(random),
      content: { kind: 'chunks', chunks },
    } as const;
    await device.append({ type: 'create-file', node, parent: rootNode, name, manifest: forged });
  }
  expect((await verify(device.context, device.storage, deep)).problems.map(({ path }) => path).sort()).toEqual(names);
});
