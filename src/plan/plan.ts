import type { NodeId, RevisionId } from '../common/ids.ts';

/** Why an operation was planned; `why PATH` prints the sentence that belongs to it. */
export type Rule =
  | 'both-agree'
  | 'both-gone'
  | 'same-place-same-content'
  | 'same-place-folders-merge'
  | 'content-in-doubt'
  | 'created-here'
  | 'edited-here'
  | 'replaced-here'
  | 'moved-here'
  | 'deleted-here'
  | 'created-there'
  | 'edited-there'
  | 'moved-there'
  | 'deleted-there'
  | 'edit-beats-delete'
  | 'move-keeps-content'
  | 'delete-keeps-ancestors'
  | 'edited-on-both-sides'
  | 'name-taken'
  | 'moved-on-both-sides-first-wins'
  | 'cycle-first-wins'
  | 'name-not-possible-here'
  | 'swap-by-way-of-a-temporary-name';

interface Planned {
  readonly node: NodeId;
  readonly rule: Rule;
}

/** Moves no data: the synced tree follows what both sides already are. */
export type SettleOperation =
  /** Local and remote agree: synced becomes both. */
  | (Planned & { readonly type: 'settle' })
  /** Gone on both sides, or in a folder that one side moved and the other deleted: synced forgets it. */
  | (Planned & { readonly type: 'forget' })
  /** The local node without a base is the remote node `as`, which is absent locally (and may have a base): it (and its children's parent) takes that id. */
  | (Planned & { readonly type: 'adopt'; readonly as: NodeId })
  /** Local content of `node` is compared with `revision` of remote node `with` (`with` may be `node` itself). Equal: local takes that revision; else `differsFrom` is set. */
  | (Planned & { readonly type: 'compare'; readonly with: NodeId; readonly revision: RevisionId });

/** Becomes operations of the change log, in the order given. `revision` is the local revision whose content is uploaded. */
export type UpOperation =
  | (Planned & { readonly type: 'up-create-folder'; readonly parent: NodeId; readonly name: string })
  | (Planned & {
      readonly type: 'up-create-file';
      readonly parent: NodeId;
      readonly name: string;
      readonly revision: RevisionId;
    })
  /** With rule `swap-by-way-of-a-temporary-name` only a step: synced takes place and `name`, also as its local name. */
  | (Planned & { readonly type: 'up-place'; readonly parent: NodeId; readonly name: string })
  | (Planned & { readonly type: 'up-revise'; readonly revision: RevisionId })
  /**
   * The node and all its live remote descendants, each of which this plan wants gone; `nodes` counts them with the node.
   * Precondition, since the log deletes all that it finds: when its turn comes, there are exactly so many and none of them
   * is on this device. Else a move out of it did not go through, or somebody added to it: stale.
   */
  | (Planned & { readonly type: 'up-delete'; readonly nodes: number })
  /** A tombstone comes back, alone, at this place; a changed content follows as `up-revise`. */
  | (Planned & { readonly type: 'up-restore'; readonly parent: NodeId; readonly name: string });

/**
 * A place that the vault gave a node when the plan was made. `localName` stands for `name` here. Once the node is there, this
 * is what both sides agreed on, wherever the vault has it by then.
 */
export interface AgreedPlace {
  readonly parent: NodeId;
  readonly name: string;
  readonly localName: string;
}

/** Changes the local folder, in the order given. Preconditions are what the trees said when the plan was made. */
export type DownOperation =
  | (Planned & AgreedPlace & { readonly type: 'down-create-folder' })
  | (Planned & AgreedPlace & { readonly type: 'down-create-file'; readonly revision: RevisionId })
  | (Planned & AgreedPlace & { readonly type: 'down-place' })
  /** Moves the node out of the way into the stage; a later `down-place` of the same plan brings it to its place. */
  | (Planned & { readonly type: 'down-park' })
  | (Planned & { readonly type: 'down-revise'; readonly revision: RevisionId })
  /** Local file to trash; a folder only when nothing of it is left. */
  | (Planned & { readonly type: 'down-delete' })
  /** Both sides edited: the local content stays beside as a new node named `copyName`, the node itself gets `revision`. */
  | (Planned & { readonly type: 'down-conflict'; readonly revision: RevisionId; readonly copyName: string })
  /** The local node steps aside to `localName` in its folder, because its name belongs to another node of the vault. */
  | (Planned & { readonly type: 'down-set-aside'; readonly localName: string });

export type PlannedOperation = SettleOperation | UpOperation | DownOperation;

/** Deletes beyond the threshold wait for the person, one operation a node. Everything else goes on. */
export interface HeldDeletes {
  readonly direction: 'up' | 'down';
  readonly operations: readonly PlannedOperation[];
}

export interface Plan {
  readonly settle: readonly SettleOperation[];
  readonly up: readonly UpOperation[];
  readonly down: readonly DownOperation[];
  readonly held: readonly HeldDeletes[];
}
