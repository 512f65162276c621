import { type NodeId, rootNode } from '../common/ids.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { LocalNode, RemoteNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import { spellingHere } from './local-name.ts';

/**
 * `nodes`, and what is new here (has no base) where one of them is to come: whether two files are one, which of two gets
 * the name, and whether the one there is about to leave, is judged of both or not at all. A plan for a part of the nodes has
 * to name both.
 */
export function withNamesakes(trees: Trees, nodes: Iterable<NodeId>, rules: LocalNameRules): ReadonlySet<NodeId> {
  const all = new Set(nodes);
  const known = new Map<NodeId, LocalNode | null>();

  /** The folder here that stands for one of the vault: itself, or the one of its name that the vault does not know. */
  const folderOf = (node: NodeId): NodeId | null => {
    if (node === rootNode || trees.local(node) !== null) return node;
    const namesake = known.get(node) ?? null;
    return namesake !== null && trees.remote(namesake.id) === null ? namesake.id : null;
  };

  const namesakeIn = (parent: NodeId, remote: RemoteNode): LocalNode | null => {
    const there = trees.localByName(parent, spellingHere(remote, trees.synced(remote.id), rules));
    return there !== null && there.id !== remote.id && trees.synced(there.id) === null ? there : null;
  };

  /** What this device has at the vault's place of a node that is not there yet. Folders may lie in each other by the thousand. */
  const namesakeOf = (node: NodeId): LocalNode | null => {
    const way: RemoteNode[] = [];
    for (let at = node; !known.has(at); ) {
      // Also the end of a circle, which a vault cannot have and a wrong index might.
      known.set(at, null);
      const remote = trees.remote(at);
      if (remote === null) break;
      way.push(remote);
      if (remote.parent === rootNode || trees.local(remote.parent) !== null) break;
      at = remote.parent;
    }
    for (const remote of way.reverse()) {
      const parent = folderOf(remote.parent);
      if (parent !== null) known.set(remote.id, namesakeIn(parent, remote));
    }
    return known.get(node) ?? null;
  };

  for (const node of [...all]) {
    const namesake = namesakeOf(node);
    if (namesake !== null) all.add(namesake.id);
  }
  return all;
}
