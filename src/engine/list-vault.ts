import { HoldfastError } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import type { IndexReader, VaultRow } from '../db/index-port.ts';
import type { RemoteNode } from '../model/node.ts';
import type { VaultEntry } from '../model/status.ts';
import type { CycleContext } from './cycle-context.ts';
import { findDeleted, isRestorable, vaultNames } from './find-deleted.ts';
import { remoteNodeAt } from './local-path.ts';

type Listed = RemoteNode | VaultRow;

const isDeleted = (node: Listed): boolean => 'isDeleted' in node && node.isDeleted;

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
  const folders: { id: NodeId; path: string }[] = [{ id: node === 'root' ? rootNode : node.id, path: at }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const below: typeof folders = [];
    for (const child of childrenOf(read, folder.id, options.withDeleted)) {
      const childPath = folder.path === '' ? child.name : `${folder.path}/${child.name}`;
      entries.push(entryOf(child, childPath));
      if (options.isRecursive && child.kind === 'folder') below.push({ id: child.id, path: childPath });
    }
    folders.push(...below.reverse());
  }
  return entries;
}

function nodeAt(read: IndexReader, path: string, withDeleted: boolean): Listed | 'root' {
  const live = remoteNodeAt(read, path);
  if (live !== null) return live;
  const [gone] = withDeleted ? findDeleted(read, path).filter(isRestorable) : [];
  if (gone !== undefined) return gone;
  throw new HoldfastError('missing', `There is no ${path} in the vault.`);
}

const compareNames = (a: Listed, b: Listed): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : Number(isDeleted(a)) - Number(isDeleted(b));

function childrenOf(read: IndexReader, folder: NodeId, withDeleted: boolean): readonly Listed[] {
  const live: readonly Listed[] = read.remoteChildren(folder);
  const gone = withDeleted ? read.deletedChildren(folder).filter(isRestorable) : [];
  return [...live, ...gone].sort(compareNames);
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
