import { expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { sealEntries, sealStateRows } from '../../../src/engine/up/seal-ahead.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

const random = seededRandom('seal-ahead');
const node = newId<NodeId>(random);
const manifest = (size: number): Manifest => ({
  node,
  revision: newId<RevisionId>(random),
  size,
  mtimeUs: 0,
  exec: false,
  content: { kind: 'chunks', chunks: [] },
});
const crypto = { sealManifests: async (all: readonly Manifest[]) => all.map(({ size }) => Uint8Array.of(size)) };

test('each manifest of the entries gets its own row, and nothing is asked for entries without', async () => {
  const [first, second] = [manifest(1), manifest(2)];
  const operations: Operation[] = [
    { type: 'create-file', node, parent: rootNode, name: 'a', manifest: first },
    { type: 'delete', node },
    { type: 'revise', node, manifest: second },
  ];
  const sealed = await sealEntries(crypto, [
    { operations: operations.slice(0, 2) },
    { operations: operations.slice(2) },
  ]);
  expect([...sealed]).toEqual([
    [first, Uint8Array.of(1)],
    [second, Uint8Array.of(2)],
  ]);
  const never = { sealManifests: () => Promise.reject(new Error('asked')) };
  expect(await sealEntries(never, [{ operations: [{ type: 'delete', node }] }])).toEqual(new Map());
});

test('what no thread can seal is left to whoever writes it', async () => {
  const lost = { sealManifests: () => Promise.reject(new HoldfastError('io', 'a thread ended')) };
  const kept = { node, revision: newId<RevisionId>(random), seq: 1, timeUs: 0, deviceId: newId<never>(random) };
  expect(await sealStateRows(lost, [{ type: 'revision', revision: { ...kept, manifest: manifest(1) } }])).toEqual(
    new Map(),
  );
});
