import type { NodeId } from '../common/ids.ts';
import type { NodeKind } from '../model/node.ts';

/** A node comes to a place on one side where it is not yet. */
export interface Appear {
  readonly type: 'appear';
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
}

/** A node changes place on one side. */
export interface Move {
  readonly type: 'move';
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
}

/** A node goes away from one side. */
export interface Vanish {
  readonly type: 'vanish';
  readonly node: NodeId;
  readonly kind: NodeKind;
  /** The folder that it goes with or not at all. */
  readonly with?: NodeId;
}

/** What a plan does to the tree of one side; at most one step a node. Contents are no matter of the tree. */
export type Step = Appear | Move | Vanish;
export type Steps = ReadonlyMap<NodeId, Step>;
