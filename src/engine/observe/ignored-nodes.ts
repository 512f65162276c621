import { type NodeId, rootNode } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import { childPath, type RelativePath, rootPath } from '../../common/relative-path.ts';
import type { IgnoreRules } from '../../local/ignore-rules.ts';
import type { Trees } from '../../model/trees.ts';

/**
 * Whether a node is ignored at the place where it is on disk or, if it is not there, would come to be, or may be, as the
 * rules there were never understood. What is ignored stays as it is on both sides. Remembers folders: make a new one for each plan.
 */
export function ignoredNodes(
  read: Pick<Trees, 'local' | 'remote'>,
  rules: Pick<IgnoreRules, 'isIgnored' | 'isJudged'>,
): (node: NodeId) => boolean {
  const folders = new Map<NodeId, RelativePath | null>([[rootNode, rootPath]]);

  const folderPath = (folder: NodeId): RelativePath | null => {
    const trail: { id: NodeId; name: string }[] = [];
    let at = folder;
    let base = folders.get(at);
    while (base === undefined) {
      const node = read.local(at) ?? read.remote(at);
      if (node === null) {
        base = null;
        break;
      }
      trail.push({ id: at, name: node.name });
      at = node.parent;
      base = folders.get(at);
    }
    for (const { id, name } of trail.reverse()) {
      const joined: ReturnType<typeof childPath> | null = base === null ? null : childPath(base, name);
      base = joined?.ok ? joined.value : null;
      folders.set(id, base);
    }
    return base;
  };

  return (node) => {
    const row = read.local(node) ?? read.remote(node);
    if (row === null) return false;
    const parent = folderPath(row.parent);
    if (parent === null) return false;
    // Better rules may come from elsewhere.
    if (!rules.isJudged(parent) && row.name !== rulesFileName) return true;
    const path = childPath(parent, row.name);
    return path.ok && rules.isIgnored(path.value, row.kind === 'folder');
  };
}
