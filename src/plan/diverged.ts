import { nameKey } from '../common/name.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';

/** One name in the vault's eyes: spelling in another Unicode form is no change. */
export const isSameName = (a: string, b: string): boolean => a === b || nameKey(a) === nameKey(b);

export const isMovedLocally = (local: LocalNode, synced: SyncedNode): boolean =>
  local.parent !== synced.parent || !isSameName(local.name, synced.localName);

export const isMovedRemotely = (remote: RemoteNode, synced: SyncedNode): boolean =>
  remote.parent !== synced.parent || !isSameName(remote.name, synced.name);

/**
 * Whether the rows of one node disagree in existence, place, kind or revision, so that a plan must look at it. Size, time
 * and exec bit belong to the revision and are not looked at.
 */
export function isDiverged(local: LocalNode | null, remote: RemoteNode | null, synced: SyncedNode | null): boolean {
  if (local === null && remote === null && synced === null) return false;
  if (local === null || remote === null || synced === null) return true;
  return (
    local.revision !== synced.revision ||
    remote.revision !== synced.revision ||
    local.kind !== synced.kind ||
    remote.kind !== synced.kind ||
    isMovedLocally(local, synced) ||
    isMovedRemotely(remote, synced)
  );
}

/** The vault's name that a local node stands for: the synced one unless it was renamed here. */
export const vaultName = (local: LocalNode, synced: SyncedNode | null): string =>
  synced !== null && isSameName(local.name, synced.localName) ? synced.name : local.name;
