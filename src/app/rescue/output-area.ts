import { basename, dirname, relative } from 'node:path';
import { notAuthentic } from '../../crypto/failure.ts';
import type { Output } from './output.ts';
import type { RenamedItem } from './report.ts';
import { rootId, type TreeNode, type VaultTree } from './vault-tree.ts';

export interface AreaParts {
  /** Path of the vault's folder, and what it is called in the report. */
  readonly folder: string;
  readonly folderName: string;
  readonly tree: VaultTree;
  readonly output: Output;
  readonly addRenamed: (item: RenamedItem) => void;
}

/** Where folders of the vault are below one folder of the output; made when something goes into them. */
export interface Area {
  folder(id: string): Promise<string>;
}

export function area(parts: AreaParts, top: string): Area {
  const made = new Map<string, Promise<string>>([[rootId, Promise.resolve(top)]]);

  const make = async (node: TreeNode, parent: Promise<string>): Promise<string> => {
    const above = await parent;
    const path = await parts.output.makeFolder(above, node.name);
    noteRenamed(parts, path, { parent: above, name: node.name, path: pathOf(parts.tree, node) });
    return path;
  };

  return {
    folder: async (id) => {
      const missing: TreeNode[] = [];
      let at = id;
      for (; !made.has(at); ) {
        const node = parts.tree.node(at);
        if (node === null || missing.length > maxDepth) throw notAuthentic();
        missing.push(node);
        at = node.parent;
      }
      let path = made.get(at) ?? Promise.resolve(top);
      for (const node of missing.reverse()) {
        path = make(node, path);
        made.set(node.id, path);
      }
      return path;
    },
  };
}

/** A folder of the vault's folder; made when something goes into it. */
export function lazyArea(parts: AreaParts, name: string): Area {
  let opened: Promise<Area> | null = null;
  return {
    folder: async (id) => {
      opened ??= parts.output.makeFolder(parts.folder, name).then((top) => area(parts, top));
      return (await opened).folder(id);
    },
  };
}

const maxDepth = 100_000;

/** Also what keeps its name, but elsewhere, since its path is too long. */
export function noteRenamed(
  { output, folderName, addRenamed }: AreaParts,
  made: string,
  wanted: { readonly parent: string; readonly name: string; readonly path: string },
): void {
  const { parent, name, path } = wanted;
  if (basename(made) !== name || dirname(made) !== parent)
    addRenamed({ vault: folderName, path, writtenAs: relative(output.root, made) });
}

/** The node's last path in the vault. */
export function pathOf(tree: VaultTree, node: TreeNode): string {
  const names = [node.name];
  for (let at = tree.node(node.parent); at !== null && names.length <= maxDepth; at = tree.node(at.parent)) {
    names.push(at.name);
  }
  return names.reverse().join('/');
}
