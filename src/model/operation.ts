import type { NodeId, RevisionId } from '../common/ids.ts';
import type { Manifest } from './manifest.ts';

/** What one entry of a vault's change log can say. Applied in order; see FORMAT.md, Operations. */
export type Operation =
  | { readonly type: 'create-folder'; readonly node: NodeId; readonly parent: NodeId; readonly name: string }
  | {
      readonly type: 'create-file';
      readonly node: NodeId;
      readonly parent: NodeId;
      readonly name: string;
      readonly manifest: Manifest;
    }
  /** Move or rename. */
  | { readonly type: 'place'; readonly node: NodeId; readonly parent: NodeId; readonly name: string }
  /** A new revision of a file. */
  | { readonly type: 'revise'; readonly node: NodeId; readonly manifest: Manifest }
  /** The node and all that is below it. */
  | { readonly type: 'delete'; readonly node: NodeId }
  /** Brings back one deleted node, without what was below it. */
  | { readonly type: 'restore'; readonly node: NodeId; readonly parent: NodeId; readonly name: string }
  /** Old revisions that are no longer kept in the history. */
  | { readonly type: 'release'; readonly revisions: readonly RevisionId[] }
  /** Names the vault; the genesis entry holds one. */
  | { readonly type: 'vault'; readonly name: string }
  /** Starts an epoch; pins the grants of its vault key. */
  | { readonly type: 'epoch'; readonly epoch: number; readonly grantsHash: Uint8Array };
