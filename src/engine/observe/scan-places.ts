import { type NodeId, rootNode } from '../../common/ids.ts';
import { joinName, lastName, parentPath, type RelativePath, rootPath } from '../../common/relative-path.ts';
import { type LocalNameRules, localKey } from '../../model/local-name-rules.ts';
import type { Entry, Identity } from '../../model/stat.ts';
import type { LocalContext } from '../context.ts';
import { idOf, localNodeAt } from '../local-path.ts';
import type { ScanOptions } from './scan-report.ts';

/** A folder to be listed. */
export interface Place {
  readonly id: NodeId;
  readonly path: RelativePath;
  /** The folder that is to be listed there. Null: the root, which is checked elsewhere, and nothing else. */
  readonly identity: Identity | null;
}

/** A folder of which only entries of these names are to be looked at. */
export interface Look extends Place {
  readonly names: ReadonlySet<string>;
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

/**
 * Whether a folder at that path is to be listed: it is hinted at, or one below it, by the path that it has now. A hint may
 * spell it otherwise than a listing does, where the disk takes both for the same.
 */
export function wantedPaths(scope: ScanOptions['scope'], rules: LocalNameRules): (path: RelativePath) => boolean {
  if (scope === 'all') return () => true;
  const wanted = new Set<string>();
  for (const folder of scope.keys()) {
    for (let path = folder; !wanted.has(localKey(path, rules)); path = parentPath(path))
      wanted.add(localKey(path, rules));
  }
  return (path) => wanted.has(localKey(path, rules));
}

/**
 * The known folder to begin with; for one that is not known yet, the nearest known one above it, and for one in a folder
 * whose ignore rules are not known, that one.
 */
export function startPlace({ ignore, index }: LocalContext, folder: RelativePath): Place {
  for (let path = ignore.unknownAbove(folder) ?? folder; ; path = parentPath(path)) {
    const node = localNodeAt(index.read, path);
    if (node !== 'root' && node?.kind !== 'folder') continue;
    return { id: idOf(node), path, identity: node === 'root' ? null : index.read.localRow(node.id) };
  }
}

/** Where to begin: folders to be listed, and those where a look at some names may do. */
export function startPlaces(
  context: LocalContext,
  scope: ScanOptions['scope'],
): { readonly queue: Place[]; readonly looks: Map<NodeId, Look> } {
  const looks = new Map<NodeId, Look>();
  if (scope === 'all') return { queue: [{ id: rootNode, path: rootPath, identity: null }], looks };
  const places = new Map<RelativePath, Place>();
  for (const [folder, names] of scope) {
    const place = startPlace(context, folder);
    if (names === 'all' || place.path !== folder) places.set(place.path, place);
    else looks.set(place.id, { ...place, names });
  }
  return { queue: [...places.values()].sort(byLength), looks };
}

/** The order in which folders wait: the last one is listed first. */
export const byLength = (a: Place, b: Place): number =>
  a.path.length - b.path.length || (lastName(a.path) < lastName(b.path) ? -1 : 1);
