import type { NodeId, RevisionId } from '../common/ids.ts';
import type { LocalNode, NodeKind, RemoteNode, SyncedNode } from '../model/node.ts';
import type { Rule } from './plan.ts';

/**
 * - `live`: on both sides in the end. `set-aside`: likewise, but here it first gives its name to another node.
 * - `delete-up`, `delete-down`: gone from the vault, from this device.
 * - `forget`: gone from both already.
 */
type Fate = 'live' | 'set-aside' | 'delete-up' | 'delete-down' | 'forget';

/** What becomes of the content of a file that is on both sides. */
export type ContentVerdict =
  | { readonly type: 'none' | 'agreed' }
  | { readonly type: 'up' | 'down' | 'compare' | 'conflict'; readonly rule: Rule; readonly revision: RevisionId };

/** What is decided about one diverged node. The resolvers refine it, each in its turn; nothing else is mutable in a plan. */
export interface Verdict {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly local: LocalNode | null;
  readonly remote: RemoteNode | null;
  readonly synced: SyncedNode | null;
  fate: Fate;
  /** Why it has this fate, where that moves something; else why it has this place. */
  rule: Rule;
  /** Whose place it gets; `both`: nobody moved it, or both did and agree. */
  placeFrom: 'local' | 'remote' | 'both';
  /** Where the vault has it in the end. */
  parent: NodeId;
  name: string;
  /** Its name on disk in the end. */
  localName: string;
  content: ContentVerdict;
}

export type Verdicts = ReadonlyMap<NodeId, Verdict>;
