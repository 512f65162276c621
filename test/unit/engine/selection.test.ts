import { expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import { openSelection } from '../../../src/engine/selection.ts';
import { selectionInMemory } from '../../helpers/selection-in-memory.ts';

const [one, other] = ['a'.repeat(32), 'b'.repeat(32)] as [NodeId, NodeId];

it('is kept, and is as it was kept when it is opened again', () => {
  const store = selectionInMemory();
  const selection = openSelection(store);
  for (const node of [one, other, one]) selection.deselect(node);
  selection.select(one);
  selection.select(one);
  expect([...selection.deselected]).toEqual([other]);
  expect([...openSelection(store).deselected]).toEqual([other]);
});

it('a choice that cannot be kept is none', () => {
  const store = selectionInMemory();
  let isFull = false;
  const selection = openSelection({
    read: store.read,
    write: (nodes) => {
      if (isFull) throw new Error('the disk is full');
      store.write(nodes);
    },
  });
  selection.deselect(one);
  isFull = true;
  expect(() => selection.deselect(other)).toThrow();
  expect(() => selection.select(one)).toThrow();
  expect([...selection.deselected]).toEqual([one]);
});
