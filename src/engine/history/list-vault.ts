import { HoldfastError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { IndexReader, VaultRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';
import type { RemoteNode } from '../../model/node.ts';
import type { VaultEntry } from '../../model/status.ts';
import type { CycleContext } from '../cycle-context.ts';
import { idOf } from '../local-path.ts';
import { vaultNames } from './find-deleted.ts';
import { findNode, isDeleted } from './find-node.ts';

type Listed = RemoteNode | VaultRow;

/**
 * What the vault has at `path` (`''` or `/` is its root): a folder's content by name, each folder before what is in it; a
 * file lists itself. `withDeleted` adds what can be restored, at its last place. Throws `missing`.
 */
export function listVault(
  context: Pick<CycleContext, 'local'>,
  path: string,
  options: { readonly isRecursive: boolean; readonly withDeleted: boolean },
): readonly VaultEntry[] {
  const { read } = context.local.index;
  const at = vaultNames(path).join('/');
  const node = nodeAt(read, at, options.withDeleted);
  if (node !== 'root' && node.kind === 'file') return [entryOf(node, at)];
  const entries: VaultEntry[] = [];
  const stack = childrenOf(read, idOf(node), at, options.withDeleted).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    entries.push(entryOf(next.node, next.path));
    if (!options.isRecursive || next.node.kind === 'file') continue;
    for (const child of childrenOf(read, next.node.id, next.path, options.withDeleted).reverse()) stack.push(child);
  }
  return entries;
}

function nodeAt(read: IndexReader, path: string, withDeleted: boolean): Listed | 'root' {
  const node = findNode(read, path, null, (gone) => withDeleted && isRestorable(gone));
  if (node !== null) return node;
  throw new HoldfastError('missing', `There is no ${path} in the vault.`);
}

const compareNames = (a: Listed, b: Listed): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : Number(isDeleted(a)) - Number(isDeleted(b));

interface Child {
  readonly node: Listed;
  readonly path: string;
}

function childrenOf(read: IndexReader, folder: NodeId, path: string, withDeleted: boolean): Child[] {
  const live: readonly Listed[] = read.remoteChildren(folder);
  const gone = withDeleted ? read.deletedChildren(folder).filter(isRestorable) : [];
  return [...live, ...gone]
    .sort(compareNames)
    .map((node) => ({ node, path: path === '' ? node.name : `${path}/${node.name}` }));
}

const entryOf = (node: Listed, path: string): VaultEntry => ({
  node: node.id,
  path,
  name: node.name,
  kind: node.kind,
  size: node.size,
  mtimeUs: node.mtimeUs,
  revision: node.revision,
  isDeleted: isDeleted(node),
});
