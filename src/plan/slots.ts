import type { NodeId } from '../common/ids.ts';

/** Names that this plan gives away, by folder and key. */
export interface Slots {
  has(parent: NodeId, key: string): boolean;
  add(parent: NodeId, key: string): void;
}

export function makeSlots(): Slots {
  const taken = new Set<string>();
  return {
    has: (parent, key) => taken.has(`${parent}/${key}`),
    add: (parent, key) => taken.add(`${parent}/${key}`),
  };
}
