import { expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import { openSelection } from '../../../src/engine/selection/selection.ts';
import { selectionInMemory } from '../../helpers/selection-in-memory.ts';

const [one, other] = ['a'.repeat(32), 'b'.repeat(32)] as [NodeId, NodeId];

it('is kept, and is as it was kept when it is opened again', async () => {
  const store = selectionInMemory();
  const selection = openSelection(store);
  for (const node of [one, other, one]) await selection.deselect(node);
  await selection.select(one);
  await selection.select(one);
  expect([...selection.deselected]).toEqual([other]);
  expect([...openSelection(store).deselected]).toEqual([other]);
});

it('a choice that cannot be kept is none', async () => {
  const store = selectionInMemory();
  let isFull = false;
  const selection = openSelection({
    read: store.read,
    write: async (nodes) => {
      if (isFull) throw new Error('the disk is full');
      await store.write(nodes);
    },
  });
  await selection.deselect(one);
  isFull = true;
  await expect(selection.deselect(other)).rejects.toThrow();
  await expect(selection.select(one)).rejects.toThrow();
  expect([...selection.deselected]).toEqual([one]);
});
