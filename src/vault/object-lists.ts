import type { ObjectId } from '../common/ids.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';

/** Every object of a content: its pages and chunks. `chunks` and `innerPages`: what `readPages` gave, for a manifest with pages. */
export function objectsOf(
  _manifest: Manifest,
  _read?: { chunks: readonly ChunkRef[]; pages: readonly ChunkRef[] },
): ObjectId[] {
  throw new Error('not yet');
}

/** `retained` of new contents: objects that no kept revision holds yet. Sorted, unique. */
export function retainedOf(_objects: Iterable<ObjectId>, _isHeld: (object: ObjectId) => boolean): ObjectId[] {
  throw new Error('not yet');
}

/** `released` of dropped contents: objects that no remaining revision holds. Sorted, unique. */
export function releasedOf(_objects: Iterable<ObjectId>, _isStillHeld: (object: ObjectId) => boolean): ObjectId[] {
  throw new Error('not yet');
}
