import type { NodeId, RevisionId } from '../../../src/common/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../../../src/model/node.ts';
import { isMovedLocally, isMovedRemotely } from '../../../src/plan/diverged.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';

type SideRow = LocalNode | RemoteNode;

/** The other side saw this very content at this very place, and replaced or deleted it. */
function isAnswered(row: SideRow, other: SideRow | null, synced: SyncedNode | null, isMoved: boolean): boolean {
  if (synced === null || synced.revision !== row.revision) return false;
  return other === null ? !isMoved : other.revision !== row.revision;
}

/** Edited there before it was deleted there: it comes back as it was edited. */
const editedBefore = (tombstone: RemoteNode | null, synced: SyncedNode | null): RemoteNode | null =>
  tombstone !== null && tombstone.revision !== synced?.revision ? tombstone : null;

interface SideView {
  readonly row: (id: NodeId) => SideRow | null;
  readonly other: (id: NodeId) => SideRow | null;
  readonly isMoved: (row: SideRow, synced: SyncedNode) => boolean;
}

/** It moved, or went along in a folder that moved; the other side deleted whatever of that it had. */
function isTakenAlong(trees: MemoryTrees, side: SideView, row: SideRow): boolean {
  for (let at: SideRow | null = row; at !== null; at = side.row(at.parent)) {
    const synced = trees.synced(at.id);
    if (synced === null || synced.kind !== at.kind || side.other(at.id) !== null) return false;
    if (side.isMoved(at, synced)) return true;
  }
  return false;
}

/**
 * Deleted here and made anew with the very content that both had agreed on: the vault's node at that place goes on with it,
 * and who edited it there knew that content, which its history has.
 */
function isMadeAnew(trees: MemoryTrees, row: SideRow): boolean {
  if (trees.remote(row.id) !== null || trees.synced(row.id) !== null) return false;
  const partner = trees.remoteByName(row.parent, row.name);
  if (partner === null || partner.kind !== row.kind || trees.local(partner.id) !== null) return false;
  const synced = trees.synced(partner.id);
  return synced?.revision === row.revision && !isMovedRemotely(partner, synced);
}

/** Contents that must be there after any number of rounds: nobody replaced or deleted them knowing them. */
export function lastingContents(trees: MemoryTrees, textOf: (revision: RevisionId) => string): ReadonlySet<string> {
  const lasting = new Set<string>();
  const here: SideView = {
    row: (id) => trees.local(id),
    other: (id) => trees.remote(id) ?? editedBefore(trees.tombstone(id), trees.synced(id)),
    isMoved: (row, synced) => isMovedLocally(row as LocalNode, synced),
  };
  const there: SideView = {
    row: (id) => trees.remote(id),
    other: (id) => trees.local(id),
    isMoved: (row, synced) => isMovedRemotely(row as RemoteNode, synced),
  };
  for (const [side, rows] of [
    [here, trees.locals()],
    [there, trees.remotes()],
  ] as const) {
    for (const row of rows) {
      if (row.revision === null) continue;
      if (side === here && isMadeAnew(trees, row)) continue;
      const isKept = isTakenAlong(trees, side, row);
      if (!isAnswered(row, side.other(row.id), trees.synced(row.id), isKept)) lasting.add(textOf(row.revision));
    }
  }
  return lasting;
}

/** The first of `contents` that is on neither side, or null. */
export function lostContent(
  trees: MemoryTrees,
  textOf: (revision: RevisionId) => string,
  contents: ReadonlySet<string>,
): string | null {
  const here = new Set<string>();
  for (const row of [...trees.locals(), ...trees.remotes()]) if (row.revision !== null) here.add(textOf(row.revision));
  return [...contents].find((content) => !here.has(content)) ?? null;
}
