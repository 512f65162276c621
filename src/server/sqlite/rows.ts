import { fromHex, toHex } from '../../common/bytes.ts';
import { HoldfastError } from '../../common/errors.ts';
import type { AnyId } from '../../common/ids.ts';
import type { Head } from '../../wire/types.ts';

/** Small conversions between rows and values. */

export function idBlob(id: AnyId): Uint8Array {
  const bytes = fromHex(id);
  if (bytes === null) throw new HoldfastError('bug', 'not an id');
  return bytes;
}

export const idOfBlob = <T extends AnyId>(blob: Uint8Array): T => toHex(blob) as T;

/** A Buffer of SQLite's as the plain bytes that schemas and comparisons expect. */
export const plain = (blob: Uint8Array): Uint8Array => new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);

export interface HeadColumns {
  readonly head_seq: number;
  readonly head_hash: Uint8Array;
}

export const headOf = (row: HeadColumns): Head => ({ seq: row.head_seq, hash: plain(row.head_hash) });
