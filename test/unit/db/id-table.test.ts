import { expect, test } from 'vitest';
import { type NodeId, newId } from '../../../src/common/ids.ts';
import { createIdTable } from '../../../src/db/id-table.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

test('finds each of many ids, and next to nothing for others', () => {
  const random = seededRandom('ids');
  const table = createIdTable();
  const ids = Array.from({ length: 50_000 }, () => newId<NodeId>(random));
  ids.forEach((id, i) => {
    table.add(id, i + 1);
  });
  expect(ids.every((id, i) => table.candidates(id).includes(i + 1))).toBe(true);
  const strangers = Array.from({ length: 10_000 }, () => newId<NodeId>(random));
  expect(strangers.filter((id) => table.candidates(id).length > 0).length).toBeLessThan(10);
});

test('ids that begin alike are candidates for each other', () => {
  const table = createIdTable();
  const [a, b] = ['a', 'b'].map((end) => `ffffffff${end.repeat(24)}` as NodeId) as [NodeId, NodeId];
  table.add(a, 7);
  table.add(b, 9);
  table.add(a, 11);
  expect([...table.candidates(b)].sort((x, y) => x - y)).toEqual([7, 9, 11]);
});
