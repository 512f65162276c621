import { expect, test } from 'vitest';
import { type NodeId, newId } from '../../../src/common/ids.ts';
import type { Index } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { localChanges } from '../../../src/engine/observe/local-changes.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { linuxRules, local, node } from '../../contract/index-fixtures.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

test('a folder of more than a hundred thousand files goes with all of them', () => {
  const folder = local({ id: node(1), kind: 'folder' });
  const rows = Array.from({ length: 130_000 }, (_, at) => local({ id: node(at + 2), parent: folder.id }));
  const removed = new Set<NodeId>();
  const index = {
    read: { localRowsOf: (id: NodeId) => (id === folder.id ? rows : []) },
    transaction: (change: (write: unknown) => void) => change({ removeLocal: (id: NodeId) => removed.add(id) }),
  } as unknown as Index;
  localChanges(index).removeSubtree(folder);
  expect(removed.size).toBe(rows.length + 1);
});

const opened = (): Index => openIndex(':memory:', { rules: linuxRules, isDiverged });

/** The process dies before its `commit`th commit, from 0. */
const diesAt = (index: Index, commit: number): Index => {
  let left = commit;
  const transaction: Index['transaction'] = (change, how) => {
    if (left-- === 0) throw new Error('died');
    return index.transaction(change, how);
  };
  return { ...index, transaction };
};

test('wherever a process dies that forgets a large folder, what it still knows is in folders that it knows', () => {
  const random = seededRandom('half of it gone');
  const folder = local({ id: node(1), name: 'all', kind: 'folder' });
  const inner = local({ id: node(2), name: 'inner', kind: 'folder', parent: folder.id });
  const files = [folder, inner].flatMap(({ id }) =>
    Array.from({ length: 1200 }, (_, i) => local({ id: newId<NodeId>(random), name: `f${i}`, parent: id })),
  );
  const commits: number[] = [];
  for (let commit = 0; ; commit++) {
    const index = opened();
    index.transaction((write) => {
      for (const row of [folder, inner, ...files]) write.putLocal(row);
    });
    const changes = localChanges(diesAt(index, commit));
    let isWhole = true;
    try {
      changes.removeSubtree(folder);
      changes.flush();
    } catch {
      isWhole = false;
    }
    expect(index.integrityCheck(), `died before commit ${commit}`).toEqual([]);
    commits.push(index.read.counts().localNodes);
    index.close();
    if (isWhole) break;
  }
  expect(commits.at(-1)).toBe(0);
  expect(commits.some((left) => left > 0 && left <= files.length)).toBe(true);
});

test('files that are gone from a folder share their commits', () => {
  const random = seededRandom('many single ones');
  const index = opened();
  const files = Array.from({ length: 500 }, (_, i) => local({ id: newId<NodeId>(random), name: `f${i}` }));
  index.transaction((write) => {
    for (const row of files) write.putLocal(row);
  });
  let commits = 0;
  const transaction: Index['transaction'] = (change, how) => {
    commits++;
    return index.transaction(change, how);
  };
  const changes = localChanges({ ...index, transaction });
  for (const row of files) changes.removeSubtree(row);
  changes.flush();
  expect(index.read.counts().localNodes).toBe(0);
  expect(commits).toBe(1);
  index.close();
});
