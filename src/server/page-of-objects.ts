import type { ObjectId } from '../common/ids.ts';
import { frameHeaderLength } from '../wire/frame.ts';
import { maxBatchBytes } from '../wire/limits.ts';
import type { Place } from './metadata-store.ts';

/** As many of the ids, in order, as one body takes, and where those held are; one at least. */
export function pageOf(ids: readonly ObjectId[], found: ReadonlyMap<ObjectId, Place>) {
  const page: ObjectId[] = [];
  const held = new Map<ObjectId, Place>();
  let bytes = 0;
  for (const id of ids) {
    const place = found.get(id);
    const length = frameHeaderLength + (place?.length ?? 0);
    if (page.length > 0 && bytes + length > maxBatchBytes) break;
    page.push(id);
    if (place !== undefined) held.set(id, place);
    bytes += length;
  }
  return { page, held, bytes };
}
