import { type NodeId, rootNode } from '../common/ids.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { LocalNode } from '../model/node.ts';
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

  /** What this device has at the vault's place of a node that is not there yet. */
  const namesakeOf = (node: NodeId): LocalNode | null => {
    const found = known.get(node);
    if (found !== undefined) return found;
    // Also the end of a circle, which a vault cannot have and a wrong index might.
    known.set(node, null);
    const remote = trees.remote(node);
    if (remote === null) return null;
    const parent = folderOf(remote.parent);
    if (parent === null) return null;
    const there = trees.localByName(parent, spellingHere(remote, trees.synced(node), rules));
    const namesake = there !== null && there.id !== node && trees.synced(there.id) === null ? there : null;
    known.set(node, namesake);
    return namesake;
  };

  /** The folder here that stands for one of the vault: itself, or the one of its name that the vault does not know. */
  const folderOf = (node: NodeId): NodeId | null => {
    if (node === rootNode || trees.local(node) !== null) return node;
    const namesake = namesakeOf(node);
    return namesake !== null && trees.remote(namesake.id) === null ? namesake.id : null;
  };

  for (const node of [...all]) {
    const namesake = namesakeOf(node);
    if (namesake !== null) all.add(namesake.id);
  }
  return all;
}
