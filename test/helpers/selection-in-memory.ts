import type { NodeId } from '../../src/common/ids.ts';
import type { SelectionStore } from '../../src/engine/selection/selection.ts';

/** What a device keeps of its choice, for as long as the test holds on to it. */
export function selectionInMemory(): SelectionStore {
  let kept: readonly NodeId[] = [];
  return {
    read: () => kept,
    write: async (nodes) => {
      kept = [...nodes];
    },
  };
}
