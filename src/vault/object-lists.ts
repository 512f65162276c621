import type { ObjectId } from '../common/ids.ts';
import { sortedIds } from '../crypto/id-list.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ReadContent } from './manifest-pages.ts';

/** Every object of a content, pages included. `read`: from `readPages`, or what was packed, for a manifest with pages. */
export function objectsOf(manifest: Manifest, read?: ReadContent): ObjectId[] {
  const { content } = manifest;
  const refs =
    read === undefined ? (content.kind === 'chunks' ? content.chunks : content.pages) : [...read.chunks, ...read.pages];
  return refs.map((ref) => ref.objectId);
}

/** `retained` of new contents: objects that no kept revision holds yet (F-ENTRY-4). Sorted, unique. */
export const retainedOf = (objects: Iterable<ObjectId>, isHeld: (object: ObjectId) => boolean): ObjectId[] =>
  sortedIds(objects).filter((object) => !isHeld(object));

/** `released` of dropped contents: objects that no remaining revision holds (F-ENTRY-4). Sorted, unique. */
export const releasedOf = (objects: Iterable<ObjectId>, isStillHeld: (object: ObjectId) => boolean): ObjectId[] =>
  sortedIds(objects).filter((object) => !isStillHeld(object));
