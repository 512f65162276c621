import { type NodeId, rootNode } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import { type LocalNameRules, localKey } from '../model/local-name-rules.ts';
import type { LocalNode, NodeKind, RemoteNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';

/** One replica's tree as it is now, and what it takes for the same name. */
export interface Side {
  row(node: NodeId): { readonly parent: NodeId; readonly name: string; readonly kind: NodeKind } | null;
  children(parent: NodeId): readonly { readonly id: NodeId }[];
  occupant(parent: NodeId, name: string): { readonly id: NodeId } | null;
  key(name: string): string;
}

export const remoteSide = (trees: Trees): Side => ({
  row: (node): RemoteNode | null => trees.remote(node),
  children: (parent) => trees.remoteChildren(parent),
  occupant: (parent, name) => trees.remoteByName(parent, name),
  key: nameKey,
});

export const localSide = (trees: Trees, rules: LocalNameRules): Side => ({
  row: (node): LocalNode | null => trees.local(node),
  children: (parent) => trees.localChildren(parent),
  occupant: (parent, name) => trees.localByName(parent, name),
  key: (name) => localKey(name, rules),
});

/** Whether `node` is a folder on that side that things can be put into. */
export const isFolderOn = (side: Side, node: NodeId): boolean => node === rootNode || side.row(node)?.kind === 'folder';
