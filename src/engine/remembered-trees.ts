import type { NodeId } from '../common/ids.ts';
import type { Trees } from '../model/trees.ts';

/** For each key the first answer, for as long as it is kept. */
export function remembered<T>(ask: (node: NodeId) => T): (node: NodeId) => T {
  const answers = new Map<NodeId, T>();
  return (node) => {
    const known = answers.get(node);
    if (known !== undefined) return known;
    const answer = ask(node);
    answers.set(node, answer);
    return answer;
  };
}

/** The same for names in folders. */
function rememberedNames<T>(ask: (parent: NodeId, name: string) => T): (parent: NodeId, name: string) => T {
  const folders = remembered(() => new Map<string, T>());
  return (parent, name) => {
    const answers = folders(parent);
    const known = answers.get(name);
    if (known !== undefined) return known;
    const answer = ask(parent, name);
    answers.set(name, answer);
    return answer;
  };
}

/**
 * Trees that read each row once. A plan asks for the same rows again and again, from a dozen rules; it is made in one
 * turn, in which none of them can change. To be made anew for each plan.
 */
export const rememberedTrees = (trees: Trees): Trees => ({
  local: remembered((node) => trees.local(node)),
  remote: remembered((node) => trees.remote(node)),
  synced: remembered((node) => trees.synced(node)),
  isTombstone: remembered((node) => trees.isTombstone(node)),
  localChildren: (parent) => trees.localChildren(parent),
  remoteChildren: (parent) => trees.remoteChildren(parent),
  localByName: rememberedNames((parent, name) => trees.localByName(parent, name)),
  remoteByName: rememberedNames((parent, name) => trees.remoteByName(parent, name)),
});
