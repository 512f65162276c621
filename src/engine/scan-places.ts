import { type NodeId, rootNode } from '../common/ids.ts';
import { joinName, lastName, parentPath, type RelativePath, rootPath } from '../common/relative-path.ts';
import type { Entry, Identity } from '../model/stat.ts';
import type { LocalContext } from './context.ts';
import { idOf, localNodeAt } from './local-path.ts';
import type { ScanOptions } from './scan-report.ts';

/** A folder to be listed. */
export interface Place {
  readonly id: NodeId;
  readonly path: RelativePath;
  /** The folder that is to be listed there. Null: the root, which is checked elsewhere, and nothing else. */
  readonly identity: Identity | null;
}

/** What a listing of `parent` showed. */
export interface Found {
  readonly parent: Place;
  readonly entry: Entry;
}

export const placeOf = (id: NodeId, parent: Place, entry: Entry): Place => ({
  id,
  path: joinName(parent.path, entry.name),
  identity: entry,
});

/** Whether a folder at that path is to be listed: it is hinted at, or one below it, by the path that it has now. */
export function wantedPaths(scope: ScanOptions['scope']): (path: RelativePath) => boolean {
  if (scope === 'all') return () => true;
  const wanted = new Set<RelativePath>();
  for (const folder of scope) {
    for (let path = folder; !wanted.has(path); path = parentPath(path)) wanted.add(path);
  }
  return (path) => wanted.has(path);
}

/**
 * The known folders to begin with; for one that is not known yet, the nearest known one above it, and for one in a folder
 * whose ignore rules are not known, that one.
 */
export function startPlaces(context: LocalContext, scope: ScanOptions['scope']): Place[] {
  if (scope === 'all') return [{ id: rootNode, path: rootPath, identity: null }];
  const places = new Map<RelativePath, Place>();
  for (const folder of scope) {
    for (let path = context.ignore.unknownAbove(folder) ?? folder; ; path = parentPath(path)) {
      const node = localNodeAt(context.index.read, path);
      if (node === 'root' || node?.kind === 'folder') {
        const identity = node === 'root' ? null : context.index.read.localRow(node.id);
        places.set(path, { id: idOf(node), path, identity });
        break;
      }
    }
  }
  return [...places.values()].sort(
    (a, b) => a.path.length - b.path.length || (lastName(a.path) < lastName(b.path) ? -1 : 1),
  );
}
