import { type NodeId, rootNode } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import { childPath, joinName, pathNames, type RelativePath, rootPath } from '../common/relative-path.ts';
import type { LocalNode, RemoteNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';

/** Parent chains are at most this long before they are taken for a cycle; no file system gets near. */
const maxDepth = 100_000;

/** The names from the root down to a node, by the row of each; null if a folder on the way has none. */
export function climb(
  id: NodeId,
  row: (id: NodeId) => { readonly parent: NodeId; readonly name: string } | null,
): string[] | null {
  const names: string[] = [];
  for (let at = id; at !== rootNode; ) {
    const node = row(at);
    if (node === null || names.length > maxDepth) return null;
    names.push(node.name);
    at = node.parent;
  }
  return names.reverse();
}

/** Where the node, or the root, is on disk; null if it or a folder above it is not. */
export function localPath(trees: Pick<Trees, 'local'>, id: NodeId): RelativePath | null {
  const names = climb(id, (node) => trees.local(node));
  return names === null ? null : names.reduce(joinName, rootPath);
}

/** Where the node is on disk or, as far as it is not there, would come to be; null if it is nowhere or a name cannot be on a disk. */
export function expectedPath(trees: Pick<Trees, 'local' | 'remote'>, id: NodeId): RelativePath | null {
  const names = climb(id, (node) => trees.local(node) ?? trees.remote(node));
  let path: RelativePath | null = rootPath;
  for (const name of names ?? []) {
    const next: ReturnType<typeof childPath> | null = path === null ? null : childPath(path, name);
    path = next?.ok ? next.value : null;
  }
  return names === null ? null : path;
}

/** Where the node is in the vault, as shown to a person; null if it is not live. */
export const vaultPath = (trees: Pick<Trees, 'remote'>, id: NodeId): string | null =>
  climb(id, (node) => trees.remote(node))?.join('/') ?? null;

/** The node that is at `path` on disk as last seen; `rootNode` for the root; null if nothing known is there. */
export function localNodeAt(trees: Pick<Trees, 'localByName'>, path: RelativePath): LocalNode | 'root' | null {
  let node: LocalNode | 'root' = 'root';
  for (const name of pathNames(path)) {
    const next: LocalNode | null = trees.localByName(node === 'root' ? rootNode : node.id, name);
    if (next === null) return null;
    node = next;
  }
  return node;
}

/** The live node at a path of the vault, given with `/` between names, leading and trailing ones ignored. */
export function remoteNodeAt(trees: Pick<Trees, 'remoteByName'>, path: string): RemoteNode | 'root' | null {
  let node: RemoteNode | 'root' = 'root';
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next: RemoteNode | null = trees.remoteByName(node === 'root' ? rootNode : node.id, nameKey(name));
    if (next === null) return null;
    node = next;
  }
  return node;
}

export const idOf = (node: { readonly id: NodeId } | 'root'): NodeId => (node === 'root' ? rootNode : node.id);
