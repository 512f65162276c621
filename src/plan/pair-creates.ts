import { type NodeId, rootNode } from '../common/ids.ts';
import { localKey } from '../model/local-name-rules.ts';
import type { LocalNode, RemoteNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import type { PlanContext } from './context.ts';
import { isMovedRemotely } from './diverged.ts';
import { spellingHere } from './local-name.ts';
import type { SettleOperation } from './plan.ts';

/** Nodes of this device that turn out to be, or may be, nodes of the vault. */
export interface Pairs {
  /** Vault's id by local id. */
  readonly adopted: ReadonlyMap<NodeId, NodeId>;
  /** Both nodes of each comparison: they stay as they are until it is done. */
  readonly compared: ReadonlySet<NodeId>;
  readonly operations: readonly SettleOperation[];
}

/**
 * Create against create. A node that only this device has is paired with the one that has its place in the vault and is
 * absent here: folders merge, files of equal content are one file, and what took the place of a deleted node replaces it
 * and keeps its history. Only what stays unpaired competes for the name. `diverged` is sorted.
 */
export function pairCreates(trees: Trees, diverged: readonly NodeId[], context: PlanContext): Pairs {
  const rules = context.nameRules;
  const adopted = new Map<NodeId, NodeId>();
  const compared = new Set<NodeId>();
  const operations: SettleOperation[] = [];
  const taken = new Set<NodeId>();

  const isNewHere = (node: NodeId): LocalNode | null => {
    if (trees.remote(node) !== null || trees.synced(node) !== null || context.isBlocked(node)) return null;
    return trees.isTombstone(node) ? null : trees.local(node);
  };

  /** Vault's nodes that this file system spells otherwise, by place and local name. */
  const otherwiseSpelled = new Map<string, RemoteNode>();
  for (const node of diverged) {
    const remote = trees.remote(node);
    if (remote === null || trees.local(node) !== null) continue;
    const spelling = spellingHere(remote, trees.synced(node), rules);
    const slot = `${remote.parent}/${localKey(spelling, rules)}`;
    if (spelling !== remote.name && !otherwiseSpelled.has(slot)) otherwiseSpelled.set(slot, remote);
  }

  const findPartner = (local: LocalNode, parent: NodeId): RemoteNode | null => {
    const sameName = trees.remoteByName(parent, local.name);
    const partner = sameName ?? otherwiseSpelled.get(`${parent}/${localKey(local.name, rules)}`) ?? null;
    if (partner === null || partner.kind !== local.kind || taken.has(partner.id)) return null;
    if (trees.local(partner.id) !== null || context.isBlocked(partner.id)) return null;
    const synced = trees.synced(partner.id);
    if (synced !== null && synced.kind !== local.kind) return null;
    // Where the disk tells Unicode forms apart, the one that is spelled as in the vault comes first.
    if (sameName !== null && sameName.name !== local.name) {
      const exact = trees.localByName(local.parent, sameName.name);
      if (exact !== null && exact.id !== local.id && exact.name === sameName.name) return null;
    }
    return partner;
  };

  /** It was at that place when it was deleted here: what is there now is its successor, whatever it holds. */
  const isSuccessor = (partner: RemoteNode): boolean => {
    const synced = trees.synced(partner.id);
    return synced !== null && !isMovedRemotely(partner, synced);
  };

  const pair = (local: LocalNode): void => {
    const parent = adopted.get(local.parent) ?? local.parent;
    if (parent !== rootNode && trees.remote(parent) === null) return;
    const partner = findPartner(local, parent);
    if (partner === null) return;
    const isReplaced = isSuccessor(partner);
    if (local.kind === 'folder' || isReplaced || local.revision === partner.revision) {
      const rule =
        local.kind === 'folder' ? 'same-place-folders-merge' : isReplaced ? 'replaced-here' : 'same-place-same-content';
      adopted.set(local.id, partner.id);
      taken.add(partner.id);
      operations.push({ type: 'adopt', node: local.id, as: partner.id, rule });
    } else if (partner.revision !== null && local.size === partner.size && local.differsFrom !== partner.revision) {
      compared.add(local.id).add(partner.id);
      taken.add(partner.id);
      operations.push({
        type: 'compare',
        node: local.id,
        with: partner.id,
        revision: partner.revision,
        rule: 'content-in-doubt',
      });
    }
  };

  const done = new Set<NodeId>();
  for (const start of diverged) {
    const chain: LocalNode[] = [];
    for (let id = start; id !== rootNode && !done.has(id); ) {
      done.add(id);
      const local = isNewHere(id);
      if (local === null) break;
      chain.push(local);
      id = local.parent;
    }
    // Parents first: a folder's partner says where its children's partners are.
    for (const local of chain.reverse()) pair(local);
  }
  return { adopted, compared, operations };
}
