import { expect, test } from 'vitest';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { stateCheck } from '../../../src/vault/state-check.ts';
import type { StateRow } from '../../../src/vault/state-row.ts';
import type { VaultNode } from '../../../src/vault/vault-tree.ts';

const id = <T extends string>(n: number): T => n.toString(16).padStart(32, '0') as T;
const node = (n: number, change: Partial<VaultNode> = {}): StateRow => ({
  type: 'node',
  node: {
    id: id<NodeId>(n),
    kind: 'folder',
    parent: rootNode,
    name: `n${n}`,
    isDeleted: false,
    revision: null,
    seq: 1,
    timeUs: 0,
    deviceId: id(0xd),
    ...change,
  },
});
const file = (n: number, revision: number, change: Partial<VaultNode> = {}): StateRow[] => [
  node(n, { kind: 'file', revision: id<RevisionId>(revision), ...change }),
  {
    type: 'revision',
    revision: {
      node: id<NodeId>(n),
      revision: id<RevisionId>(revision),
      seq: 1,
      timeUs: 0,
      deviceId: id(0xd),
      manifest: {
        node: id<NodeId>(n),
        revision: id<RevisionId>(revision),
        size: 0,
        mtimeUs: 0,
        exec: false,
        content: { kind: 'chunks', chunks: [] },
      },
    },
  },
];

const checkAll = (...rows: StateRow[]) => {
  const check = stateCheck(1);
  for (const row of rows) check.add(row);
  check.finish();
};

const isDeleted = true;

test('what the rules of the tree allow', () => {
  const inFolder = { parent: id<NodeId>(9) };
  expect(() =>
    checkAll(
      ...file(1, 1, inFolder),
      ...file(2, 2, { ...inFolder, isDeleted, name: 'n1' }),
      ...file(3, 3, { name: 'n1' }),
      node(9),
    ),
  ).not.toThrow();
});

test.each<[string, ...StateRow[]]>([
  ['a deleted node below a file', ...file(1, 1), node(2, { parent: id<NodeId>(1), isDeleted })],
  ['a deleted node without a parent', node(1, { parent: id<NodeId>(9), isDeleted })],
  ['a deleted file without a parent', ...file(1, 1, { parent: id<NodeId>(9), isDeleted })],
  ['a live file in a deleted folder', ...file(1, 1, { parent: id<NodeId>(9) }), node(9, { isDeleted })],
  ['a revision of two files', ...file(1, 7), ...file(2, 7)],
  ['two names that fold to one', node(1, { name: '\u00e9' }), node(2, { name: 'e\u0301' })],
])('refused: %s', (_, ...rows) => {
  expect(() => checkAll(...rows)).toThrow(expect.objectContaining({ security: 'E_AUTH' }));
});
