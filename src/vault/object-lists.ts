import type { ObjectId } from '../common/ids.ts';
import { sortedIds } from '../crypto/id-list.ts';
import type { ReadContent } from './manifest-pages.ts';

/** Every object of a content. */
export const objectsOf = ({ chunks, pages }: ReadContent): ObjectId[] =>
  [...chunks, ...pages].map((ref) => ref.objectId);

/** `retained` of new contents: objects that no kept revision holds yet (F-ENTRY-4). Sorted, unique. */
export const retainedOf = (objects: Iterable<ObjectId>, isHeld: (object: ObjectId) => boolean): ObjectId[] =>
  sortedIds(objects).filter((object) => !isHeld(object));

/** `released` of dropped contents, of objects that no remaining revision holds (F-ENTRY-4). Sorted, unique. */
export const releasedOf = (objects: Iterable<ObjectId>): ObjectId[] => sortedIds(objects);
