import { expect, test } from 'vitest';
import { type NodeId, newId } from '../../../src/common/ids.ts';
import type { Index } from '../../../src/db/index-port.ts';
import { localChanges } from '../../../src/engine/observe/local-changes.ts';
import { local, node } from '../../contract/index-fixtures.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

test('a folder of more than a hundred thousand files goes with all of them', () => {
  const random = seededRandom('many in one folder');
  const folder = local({ id: node(1), kind: 'folder' });
  const rows = Array.from({ length: 130_000 }, () => local({ id: newId<NodeId>(random), parent: folder.id }));
  const removed = new Set<NodeId>();
  const index = {
    read: { localRowsOf: (id: NodeId) => (id === folder.id ? rows : []) },
    transaction: (change: (write: unknown) => void) => change({ removeLocal: (id: NodeId) => removed.add(id) }),
  } as unknown as Index;
  localChanges(index).removeSubtree(folder);
  expect(removed.size).toBe(rows.length + 1);
});
