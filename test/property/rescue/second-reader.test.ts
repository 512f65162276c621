import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOperations } from '../../../src/app/rescue/operations.ts';
import { openVaultTree, type TreeNode, type VaultTree } from '../../../src/app/rescue/vault-tree.ts';
import { type DeviceId, type NodeId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { type Cbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { decodeOperations, encodeOperations, paddedLength } from '../../../src/vault/operation-codec.ts';
import { applyOperations } from '../../../src/vault/tree-rules.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';

const idOf = (digit: number) => digit.toString(16).padStart(32, '0');
const deviceId = idOf(0xd) as DeviceId;

// Few ids and names, so that operations meet: cycles, taken names, deleted parents, wrong manifests.
const node = fc.integer({ min: 0, max: 7 }).map((i) => idOf(i) as NodeId);
const revision = fc.integer({ min: 1, max: 12 }).map((i) => idOf(i) as RevisionId);
const name = fc.constantFrom('a', 'b', 'A', '\u00e9', 'e\u0301', '..', '', '.Holdfast', '\uff0eholdfast', 'x/y', 'ß');
const place = { node, parent: node, name };
const ref = fc.record({
  objectId: fc.constant(idOf(99) as ObjectId),
  secret: fc.constant(new Uint8Array(32)),
  hash: fc.constant(new Uint8Array(32)),
  plainLength: fc.constantFrom(1, 1, 1, 0, -1, 4_194_304, 4_194_305),
});
const content = fc.oneof(
  fc.record({ kind: fc.constant('chunks' as const), chunks: fc.array(ref, { maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('pages' as const),
    pages: fc.array(ref, { minLength: 1, maxLength: 2 }),
    chunkCount: fc.constantFrom(17, 4096, 4097, 65_536, 65_537, 300_000_000),
  }),
);
const manifest = fc.record({
  node,
  revision,
  size: fc.constantFrom(0, 1, 2, 3, 5_000),
  mtimeUs: fc.constant(0),
  exec: fc.boolean(),
  content,
});
const own = <T extends { node: NodeId; manifest: { node: NodeId } }>(operation: T, dice: number): T =>
  dice > 0 ? { ...operation, manifest: { ...operation.manifest, node: operation.node } } : operation;
const dice = fc.integer({ min: 0, max: 9 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant('create-folder' as const), ...place }),
  fc
    .tuple(fc.record({ type: fc.constant('create-file' as const), ...place, manifest }), dice)
    .map((pair) => own(...pair)),
  fc.record({ type: fc.constant('place' as const), ...place }),
  fc.tuple(fc.record({ type: fc.constant('revise' as const), node, manifest }), dice).map((pair) => own(...pair)),
  fc.record({ type: fc.constant('delete' as const), node }),
  fc.record({ type: fc.constant('restore' as const), ...place }),
  fc.record({ type: fc.constant('release' as const), revisions: fc.array(revision, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('vault' as const), name }),
);
const entries = fc.array(fc.array(operation, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });

/** The state as both readers can tell it. */
const told = (
  id: string,
  { kind, parent, name: called, isDeleted, revision: current }: NonNullable<ReturnType<MemoryVaultTree['node']>>,
) => ({ id, isFolder: kind === 'folder', parent, name: called, isLive: !isDeleted, revision: current });

function everyNode(tree: VaultTree): TreeNode[] {
  return Array.from({ length: 8 }, (_, i) => tree.node(idOf(i))).filter((found) => found !== null);
}

describe('two readers, one written without the other', () => {
  it('come to the same state from any operations, kept revisions included', () => {
    fc.assert(
      fc.property(entries, (log) => {
        const first = memoryVaultTree();
        const second = openVaultTree();
        try {
          for (const [at, operations] of log.entries()) {
            const bytes = encodeOperations(at, operations);
            const effects = applyOperations(first, decodeOperations(bytes).operations, {
              seq: at + 1,
              timeUs: at,
              deviceId,
            });
            const parsed = parseOperations(bytes);
            expect(parsed.timeUs).toBe(at);
            const others = parsed.list.map((each) => second.apply(each, at));
            expect(others.map((effect) => effect === 'done')).toEqual(
              effects.map(({ status }) => status === 'applied'),
            );
            // Where several rules are broken, which one is told is up to the reader; a bad name always is if it is the only one.
            for (const [i, effect] of effects.entries()) {
              if (effect.status === 'void' && effect.reason === 'name') expect(others[i]).toBe('name');
            }
          }
          expect(everyNode(second)).toEqual([...first.nodes].map(([id, found]) => told(id, found)).sort(byId));
          for (let i = 0; i < 8; i++) {
            const kept = first
              .rows()
              .flatMap((row) =>
                row.type === 'revision' && row.revision.node === idOf(i) ? [row.revision.revision] : [],
              );
            expect([...second.revisions(idOf(i))].sort()).toEqual(kept.sort());
          }
        } finally {
          second.close();
        }
      }),
      { numRuns: 300 },
    );
  });

  const value: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<Cbor>(null, true, false, 0, 1, 2, 4, 7, 9, 16, -1, 'operations', 'manifest', '', 'a'),
      fc.constantFrom<Cbor>(new Uint8Array(16), new Uint8Array(16).fill(1), new Uint8Array(32), new Uint8Array(3)),
      fc.array(tie('value'), { maxLength: 9 }),
    ),
  })).value;
  const id = new Uint8Array(16).fill(5);
  const template: Cbor[][] = [
    [1, id, new Uint8Array(16), 'n'],
    [2, id, new Uint8Array(16), 'n', ['manifest', 1, id, id, 0, 0, false, 0, []]],
    [2, id, id, 'n', ['manifest', 1, id, id, 5, -3, true, 1, [[id, new Uint8Array(32), new Uint8Array(32), 5]]]],
    [3, id, id, 'n'],
    [4, id, ['manifest', 1, id, id, 0, 0, false, 0, []]],
    [5, id],
    [6, id, id, 'n'],
    [7, [id, id]],
    [8, 'n'],
    [9, 1, new Uint8Array(32)],
    [10],
  ];
  /** An operation with one element, at any depth, replaced, dropped or doubled. */
  const mutated = fc
    .tuple(fc.nat(10), fc.array(fc.nat(8), { maxLength: 4 }), fc.constantFrom('set', 'drop', 'add', 'no'), value)
    .map(([which, path, how, other]) => {
      const copy = structuredClone(template[which] as Cbor[]);
      let at: Cbor[] = copy;
      for (const step of path) {
        const next = at[step % Math.max(1, at.length)];
        if (!Array.isArray(next)) break;
        at = next as Cbor[];
      }
      const spot = (path.at(-1) ?? 0) % Math.max(1, at.length);
      if (how === 'set') at[spot] = other;
      if (how === 'drop') at.splice(spot, 1);
      if (how === 'add') at.push(other);
      return copy;
    });
  const outcome = (read: () => unknown): string => {
    try {
      read();
      return 'fine';
    } catch (error) {
      const { security, kind } = error as { security?: string; kind?: string };
      return security ?? kind ?? String(error);
    }
  };

  it('take and refuse the same shapes, for the same reason', () => {
    fc.assert(
      fc.property(
        fc.array(mutated, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: -2, max: 2 }),
        (operations, time) => {
          const plain = encodeCbor(['operations', 1, time, operations]);
          const padded = new Uint8Array(paddedLength(plain.length));
          padded.set(plain);
          padded[plain.length] = 0x80;
          expect(outcome(() => parseOperations(padded))).toBe(outcome(() => decodeOperations(padded)));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('agree that the root is a folder that is always there', () => {
    const tree = openVaultTree();
    expect(tree.node(rootNode)).toBeNull();
    expect(tree.children(rootNode)).toEqual([]);
    tree.close();
  });
});

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
