import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { type DeviceId, type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { nameKey } from '../../../src/common/name.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { stateCheck } from '../../../src/vault/state-check.ts';
import { overlayTree, validOperations } from '../../../src/vault/tree-overlay.ts';
import { type AppliedOperation, applyOperations } from '../../../src/vault/tree-rules.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';

const idOf = (digit: number) => digit.toString(16).padStart(32, '0');
const deviceId = idOf(0xd) as DeviceId;

// Few ids and names, so that operations meet: cycles, taken names, deleted parents.
const node = fc.integer({ min: 0, max: 7 }).map((i) => idOf(i) as NodeId);
const revision = fc.integer({ min: 1, max: 12 }).map((i) => idOf(i) as RevisionId);
const name = fc.constantFrom('a', 'b', 'A', '\u00e9', 'e\u0301', '..', '');
const place = { node, parent: node, name };
const manifest = fc.record({ node, revision, size: fc.constantFrom(0, 0, 0, 1) }).map((given) => ({
  ...given,
  mtimeUs: 0,
  exec: false,
  content: { kind: 'chunks' as const, chunks: [] },
}));
const own = <T extends { node: NodeId; manifest: { node: NodeId } }>(operation: T, isOwn: boolean): T =>
  isOwn ? { ...operation, manifest: { ...operation.manifest, node: operation.node } } : operation;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant('create-folder' as const), ...place }),
  fc.record({ type: fc.constant('create-folder' as const), ...place }),
  fc
    .tuple(fc.record({ type: fc.constant('create-file' as const), ...place, manifest }), fc.integer({ min: 0, max: 9 }))
    .map(([made, dice]) => own(made, dice > 0)),
  fc.record({ type: fc.constant('place' as const), ...place }),
  fc
    .tuple(fc.record({ type: fc.constant('revise' as const), node, manifest }), fc.integer({ min: 0, max: 9 }))
    .map(([made, dice]) => own(made, dice > 0)),
  fc.record({ type: fc.constant('delete' as const), node }),
  fc.record({ type: fc.constant('restore' as const), ...place }),
  fc.record({ type: fc.constant('release' as const), revisions: fc.array(revision, { minLength: 1, maxLength: 3 }) }),
);
const entries = fc.array(fc.array(operation, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });

const stampOf = (seq: number) => ({ seq, timeUs: seq, deviceId });

/** Written without the code under test: what holds of every vault, always. */
function checkInvariants(tree: MemoryVaultTree): void {
  const names = new Set<string>();
  for (const each of tree.nodes.values()) {
    if (each.isDeleted) continue;
    let at: NodeId = each.id;
    for (let steps = 0; at !== rootNode; steps++) {
      expect(steps, 'a cycle').toBeLessThan(10);
      const found = must(tree.node(at));
      expect(found.isDeleted, 'below a deleted folder').toBe(false);
      at = found.parent;
      expect(at === rootNode || tree.node(at)?.kind === 'folder').toBe(true);
    }
    const slot = `${each.parent}/${nameKey(each.name)}`;
    expect(names.has(slot), 'two siblings of one name').toBe(false);
    names.add(slot);
    if (each.kind === 'file') expect(tree.revisions.get(must(each.revision))?.node).toBe(each.id);
  }
}

/** In which order siblings are deleted is nobody's matter. */
const inOrder = (applied: AppliedOperation): AppliedOperation =>
  applied.status === 'void'
    ? applied
    : { ...applied, before: applied.before.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };

describe('tree rules over random operations', () => {
  it('two readers agree, and the state is always one that the rules allow', () => {
    fc.assert(
      fc.property(entries, (log) => {
        const [a, b] = [memoryVaultTree(), memoryVaultTree()];
        for (const [at, operations] of log.entries()) {
          const stamp = stampOf(at + 1);
          const applied = applyOperations(a, operations, stamp);
          expect(applyOperations(b, operations, stamp)).toEqual(applied);
          checkInvariants(a);
        }
        expect(b.rows()).toEqual(a.rows());
        const check = stateCheck(log.length);
        for (const row of a.rows()) check.add(row);
        check.finish();
      }),
      { numRuns: 400 },
    );
  });

  it('the state alone decides: a reader that starts from it (a checkpoint) goes on alike', () => {
    fc.assert(
      fc.property(entries, fc.nat(12), (log, cut) => {
        const whole = memoryVaultTree();
        let late: MemoryVaultTree | null = null;
        for (const [at, operations] of log.entries()) {
          if (at === cut) late = memoryVaultTree(whole.rows());
          const applied = applyOperations(whole, operations, stampOf(at + 1));
          if (late !== null) expect(applyOperations(late, operations, stampOf(at + 1))).toEqual(applied);
        }
        if (late !== null) expect(late.rows()).toEqual(whole.rows());
      }),
      { numRuns: 300 },
    );
  });

  it("what the author's overlay takes for valid applies without a void one, and writes nothing before", () => {
    fc.assert(
      fc.property(entries, fc.array(operation, { maxLength: 20 }), (log, wanted) => {
        const tree = memoryVaultTree();
        for (const [at, operations] of log.entries()) applyOperations(tree, operations, stampOf(at + 1));
        const before = tree.rows();
        const stamp = stampOf(log.length + 1);
        const { valid, void: voided } = validOperations(tree, wanted, stamp);
        expect(tree.rows()).toEqual(before);
        expect(valid.length + voided.length).toBe(wanted.length);

        const overlay = overlayTree(tree);
        const above = applyOperations(overlay, wanted, stamp);
        const other = memoryVaultTree(before);
        expect(applyOperations(other, wanted, stamp).map(inOrder)).toEqual(above.map(inOrder));
        for (let i = 0; i < 8; i++) {
          const id = idOf(i) as NodeId;
          expect(overlay.node(id)).toEqual(other.node(id));
          expect([...overlay.liveChildren(id)].sort()).toEqual([...other.liveChildren(id)].sort());
        }
        expect(applyOperations(tree, valid, stamp).every((each) => each.status === 'applied')).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('the images before an operation undo it', () => {
    fc.assert(
      fc.property(entries, operation, (log, last) => {
        const tree = memoryVaultTree();
        for (const [at, operations] of log.entries()) applyOperations(tree, operations, stampOf(at + 1));
        const before = tree.nodes.size;
        const rows = tree.rows().filter((row) => row.type === 'node');
        const applied = must(applyOperations(tree, [last], stampOf(99))[0]);
        if (applied.status === 'void' || tree.nodes.size > before) return;
        for (const image of applied.before) tree.putNode(image);
        expect(tree.rows().filter((row) => row.type === 'node')).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });
});
