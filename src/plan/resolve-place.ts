import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';
import { isMovedLocally, isMovedRemotely, isSameName, vaultName } from './diverged.ts';
import { isTemporaryName } from './temporary-name.ts';
import type { Verdict } from './verdict.ts';

/**
 * Move against move, for a node on both sides. One side moved: the other one follows. Both did: equal places agree, else
 * the vault's place holds, since it was first on the server. Place and name count as one.
 */
export function resolvePlace(
  local: LocalNode,
  remote: RemoteNode,
  synced: SyncedNode | null,
): Pick<Verdict, 'placeFrom' | 'parent' | 'name' | 'rule'> {
  const here = {
    placeFrom: 'local',
    parent: local.parent,
    name: vaultName(local, synced),
    rule: 'moved-here',
  } as const;
  const there = { placeFrom: 'remote', parent: remote.parent, name: remote.name, rule: 'moved-there' } as const;
  if (remote.parent === here.parent && isSameName(remote.name, here.name)) {
    const rule =
      synced !== null ? 'both-agree' : local.kind === 'file' ? 'same-place-same-content' : 'same-place-folders-merge';
    return { ...there, placeFrom: 'both', rule };
  }
  if (synced !== null) {
    if (!isMovedLocally(local, synced)) return there;
    if (!isMovedRemotely(remote, synced) || isTemporaryName(remote.name, remote.id)) return here;
  }
  return { ...there, rule: 'moved-on-both-sides-first-wins' };
}
