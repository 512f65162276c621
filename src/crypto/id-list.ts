import { concat } from '../common/bytes.ts';
import { idBytes, type ObjectId } from '../common/ids.ts';
import { notAuthentic, overLimit } from './failure.ts';
import { sha256 } from './sha256.ts';

/** Most ids in one list of an entry (F-ENTRY-1). */
export const maxListedIds = 65_536;

/** Sorted and without repeats, as lists are hashed. Lower-case hex sorts as its bytes do. */
export const sortedIds = (ids: Iterable<ObjectId>): ObjectId[] => [...new Set(ids)].sort();

/** SHA-256 of the ids joined. Throws E_AUTH if they are not sorted and unique, E_LIMIT if they are too many. */
export function hashIdList(ids: readonly ObjectId[]): Uint8Array {
  if (ids.length > maxListedIds) throw overLimit();
  for (let i = 1; i < ids.length; i++) if ((ids[i - 1] as string) >= (ids[i] as string)) throw notAuthentic();
  return sha256(concat(...ids.map((id) => idBytes(id))));
}
