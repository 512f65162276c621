import type { RevisionId } from '../../../src/common/ids.ts';
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

/** Contents that must be there after any number of rounds: nobody replaced or deleted them knowing them. */
export function lastingContents(trees: MemoryTrees, textOf: (revision: RevisionId) => string): ReadonlySet<string> {
  const lasting = new Set<string>();
  for (const local of trees.locals()) {
    const synced = trees.synced(local.id);
    const isMoved = synced !== null && isMovedLocally(local, synced);
    const other = trees.remote(local.id) ?? editedBefore(trees.tombstone(local.id), synced);
    if (local.revision === null || isAnswered(local, other, synced, isMoved)) continue;
    lasting.add(textOf(local.revision));
  }
  for (const remote of trees.remotes()) {
    const synced = trees.synced(remote.id);
    const isMoved = synced !== null && isMovedRemotely(remote, synced);
    if (remote.revision === null || isAnswered(remote, trees.local(remote.id), synced, isMoved)) continue;
    lasting.add(textOf(remote.revision));
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
