import { beforeEach, describe, expect, it } from 'vitest';
import { type DeviceId, type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import type { DecodedOperation } from '../../../src/vault/operation-codec.ts';
import { applyOperations, type VoidReason } from '../../../src/vault/tree-rules.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { testManifest } from '../../fakes/vault-world.ts';

const random = seededRandom('rules');
const deviceId = newId<DeviceId>(random);
const fresh = (): NodeId => newId<NodeId>(random);

const [docs, inner, file, other] = [fresh(), fresh(), fresh(), fresh()];
const unknown = fresh();
const first = testManifest(random, file);
let tree: MemoryVaultTree;
let seq = 0;

const apply = (...operations: DecodedOperation[]) =>
  applyOperations(tree, operations, { seq: ++seq, timeUs: seq * 10, deviceId });

/** Applies one operation that must be void, and must change nothing. */
function expectVoid(operation: DecodedOperation, reason: VoidReason): void {
  const before = tree.rows();
  expect(apply(operation)).toEqual([{ operation, status: 'void', reason }]);
  expect(tree.rows()).toEqual(before);
}

beforeEach(() => {
  tree = memoryVaultTree();
  seq = 0;
  const made = apply(
    { type: 'create-folder', node: docs, parent: rootNode, name: 'docs' },
    { type: 'create-folder', node: inner, parent: docs, name: 'inner' },
    { type: 'create-file', node: file, parent: inner, name: 'file', manifest: first },
    { type: 'create-folder', node: other, parent: rootNode, name: 'other' },
  );
  expect(made.map((each) => each.status)).toEqual(Array(4).fill('applied'));
});

describe('[F-TREE-1] create', () => {
  it('is void for a known id, deleted ones included, and for the root', () => {
    expectVoid({ type: 'create-folder', node: docs, parent: rootNode, name: 'x' }, 'node-known');
    apply({ type: 'delete', node: docs });
    expectVoid({ type: 'create-folder', node: docs, parent: rootNode, name: 'x' }, 'node-known');
    expectVoid({ type: 'create-folder', node: rootNode, parent: other, name: 'x' }, 'root');
  });
});

describe('[F-TREE-2] a place', () => {
  const place = (parent: NodeId, name: string): DecodedOperation[] => [
    { type: 'create-folder', node: fresh(), parent, name },
    { type: 'place', node: other, parent, name },
  ];

  it('needs a live folder as parent', () => {
    apply({ type: 'delete', node: inner });
    for (const parent of [unknown, file, inner]) {
      for (const operation of place(parent, 'x')) expectVoid(operation, 'parent');
    }
  });

  it('needs a name that no live sibling has in NFC, case kept', () => {
    const child = fresh();
    apply({ type: 'create-folder', node: child, parent: docs, name: 'e\u0301' });
    for (const operation of place(docs, '\u00e9')) expectVoid(operation, 'name-taken');
    expect(apply({ type: 'place', node: other, parent: docs, name: 'INNER' })[0]?.status).toBe('applied');
  });

  it('is free again once its node was deleted or moved away', () => {
    apply({ type: 'delete', node: inner });
    expect(apply({ type: 'place', node: other, parent: docs, name: 'inner' })[0]?.status).toBe('applied');
    expect(apply({ type: 'create-folder', node: fresh(), parent: rootNode, name: 'other' })[0]?.status).toBe('applied');
  });

  it('[F-TREE-7] needs a name that cannot leave its folder', () => {
    for (const name of ['', '.', '..', 'a/b', 'a\0b', '.HoldFast', 'x'.repeat(1021)]) {
      for (const operation of place(docs, name)) expectVoid(operation, 'name');
    }
  });
});

describe('[F-TREE-3] place', () => {
  it('makes no cycle', () => {
    expectVoid({ type: 'place', node: docs, parent: docs, name: 'docs' }, 'cycle');
    expectVoid({ type: 'place', node: docs, parent: inner, name: 'docs' }, 'cycle');
  });

  it('is for live nodes but the root', () => {
    expectVoid({ type: 'place', node: rootNode, parent: docs, name: 'x' }, 'root');
    expectVoid({ type: 'place', node: unknown, parent: docs, name: 'x' }, 'node-unknown');
    apply({ type: 'delete', node: other });
    expectVoid({ type: 'place', node: other, parent: docs, name: 'x' }, 'node-deleted');
  });

  it('may change nothing [F-TREE-8], or the form of the name alone', () => {
    expect(apply({ type: 'place', node: other, parent: rootNode, name: 'other' })[0]?.status).toBe('applied');
    expect(apply({ type: 'place', node: other, parent: rootNode, name: 'Other' })[0]?.status).toBe('applied');
  });

  it('takes what is below along, and tells what was before', () => {
    const before = tree.node(docs);
    const [applied] = apply({ type: 'place', node: docs, parent: other, name: 'papers' });
    expect(applied).toMatchObject({ status: 'applied', before: [before] });
    expect(tree.node(docs)).toMatchObject({ parent: other, name: 'papers', seq: 2, timeUs: 20, deviceId });
    expect(tree.node(inner)).toMatchObject({ parent: docs, seq: 1 });
  });
});

describe('[F-TREE-4] contents', () => {
  it('must name their node and a revision that is not kept, and not contradict themselves', () => {
    const revise = (manifest: Manifest): DecodedOperation => ({ type: 'revise', node: file, manifest });
    expectVoid(revise(testManifest(random, other)), 'manifest');
    expectVoid(revise({ ...testManifest(random, file), size: 11 }), 'manifest');
    expectVoid(revise(testManifest(random, file, 1, first.revision)), 'revision-known');
    expectVoid({ type: 'unusable', node: file }, 'manifest');
  });

  it('are for live files', () => {
    expectVoid({ type: 'revise', node: docs, manifest: testManifest(random, docs) }, 'kind');
    expectVoid({ type: 'revise', node: unknown, manifest: testManifest(random, unknown) }, 'node-unknown');
    apply({ type: 'delete', node: file });
    expectVoid({ type: 'revise', node: file, manifest: testManifest(random, file) }, 'node-deleted');
  });

  it('keep the former one, and the stamp of the place', () => {
    const next = testManifest(random, file);
    const [applied] = apply({ type: 'revise', node: file, manifest: next });
    expect(applied).toMatchObject({ before: [{ revision: first.revision }] });
    expect(tree.node(file)).toMatchObject({ revision: next.revision, seq: 1 });
    expect([...tree.revisions.values()].map(({ revision, seq: at }) => [revision, at])).toEqual([
      [first.revision, 1],
      [next.revision, 2],
    ]);
  });
});

describe('[F-TREE-5] delete and restore', () => {
  it('delete takes all that is live below, and tells it parents first', () => {
    const [applied] = apply({ type: 'delete', node: docs });
    expect(applied).toMatchObject({ before: [{ id: docs }, { id: inner }, { id: file }] });
    for (const id of [docs, inner, file]) expect(tree.node(id)).toMatchObject({ isDeleted: true, seq: 2 });
    expect(tree.node(file)).toMatchObject({ parent: inner, name: 'file', revision: first.revision });
    expectVoid({ type: 'delete', node: inner }, 'node-deleted');
    expectVoid({ type: 'delete', node: rootNode }, 'root');
    expectVoid({ type: 'delete', node: unknown }, 'node-unknown');
  });

  it('restore brings back one node, without what was below it', () => {
    apply({ type: 'delete', node: docs });
    const [applied] = apply({ type: 'restore', node: docs, parent: other, name: 'back' });
    expect(applied).toMatchObject({ before: [{ id: docs, isDeleted: true }] });
    expect(tree.node(docs)).toMatchObject({ isDeleted: false, parent: other, name: 'back' });
    expect(tree.liveChildren(docs)).toEqual([]);
    expectVoid({ type: 'restore', node: docs, parent: other, name: 'again' }, 'node-live');
    expectVoid({ type: 'restore', node: unknown, parent: other, name: 'x' }, 'node-unknown');
    expectVoid({ type: 'restore', node: rootNode, parent: other, name: 'x' }, 'root');
    expectVoid({ type: 'restore', node: file, parent: inner, name: 'file' }, 'parent');
  });
});

describe('[F-TREE-6] release', () => {
  const release = (...revisions: RevisionId[]): DecodedOperation => ({ type: 'release', revisions });

  it('forgets old revisions, all or none', () => {
    const next = testManifest(random, file);
    apply({ type: 'revise', node: file, manifest: next });
    expectVoid(release(first.revision, next.revision), 'revision-current');
    expectVoid(release(first.revision, newId<RevisionId>(random)), 'revision-unknown');
    expectVoid(release(first.revision, first.revision), 'revision-unknown');
    expect(apply(release(first.revision))[0]).toMatchObject({ status: 'applied', before: [] });
    expect([...tree.revisions.keys()]).toEqual([next.revision]);
  });

  it('of the last one of a deleted file ends its restoring', () => {
    apply({ type: 'delete', node: file });
    expect(apply(release(first.revision))[0]).toMatchObject({ before: [{ id: file, revision: first.revision }] });
    expect(tree.node(file)?.revision).toBeNull();
    expectVoid({ type: 'restore', node: file, parent: inner, name: 'file' }, 'no-content');
  });
});

describe('one entry', () => {
  it('goes on after a void operation', () => {
    const made = fresh();
    const applied = apply(
      { type: 'create-folder', node: made, parent: unknown, name: 'x' },
      { type: 'create-folder', node: made, parent: docs, name: 'x' },
      { type: 'vault', name: 'a/b' },
    );
    expect(applied.map((each) => each.status)).toEqual(['void', 'applied', 'void']);
  });
});
