import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';
import type { ContentVerdict } from './verdict.ts';

/**
 * Edit against edit. One side edited: the other one follows. Both did, or there is no base: equal content is no conflict,
 * which sizes may rule out and a comparison decides; else the vault's content keeps the name and this device's becomes a
 * conflict copy.
 */
export function resolveContent(local: LocalNode, remote: RemoteNode, synced: SyncedNode | null): ContentVerdict {
  if (local.revision === null || remote.revision === null) return { type: 'none' };
  if (local.revision === remote.revision) return { type: 'agreed' };
  if (synced !== null && remote.revision === synced.revision) {
    return { type: 'up', rule: 'edited-here', revision: local.revision };
  }
  if (synced !== null && local.revision === synced.revision) {
    return { type: 'down', rule: 'edited-there', revision: remote.revision };
  }
  if (local.size === remote.size && local.differsFrom !== remote.revision) {
    return { type: 'compare', rule: 'content-in-doubt', revision: remote.revision };
  }
  return { type: 'conflict', rule: 'edited-on-both-sides', revision: remote.revision };
}
