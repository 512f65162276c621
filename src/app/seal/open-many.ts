import { concat } from '../../common/bytes.ts';
import { must } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { ObjectId, Random } from '../../common/ids.ts';
import { rowSealer } from '../../crypto/index-box.ts';
import { hashLength } from '../../crypto/sha256.ts';
import type { FetchedChunk, OpenedChunks } from '../../engine/transfer/content-crypto.ts';
import { type IndexKeys, openKnown } from './open-known.ts';

/** Small chunks for another thread, in few pieces: each object that crosses costs as much as opening some kilobytes. */
export interface OpenMany {
  readonly keys: IndexKeys;
  readonly ids: readonly ObjectId[];
  readonly lengths: readonly number[];
  /** Of each its secret, then its hash. */
  readonly pins: Uint8Array;
  readonly sealed: readonly Uint8Array[];
}

/** What became of them. */
export interface OpenedMany {
  /** Plaintexts, one after the other. */
  readonly plain: Uint8Array;
  /** Of each its hash, then its sealed ref. */
  readonly known: Uint8Array;
  /** Where in `known` each ends; where it begins if it is not what its ref pins. */
  readonly ends: readonly number[];
}

export function packChunks(keys: IndexKeys, chunks: readonly FetchedChunk[]): OpenMany {
  const pins = new Uint8Array(chunks.length * 2 * hashLength);
  chunks.forEach(({ ref }, at) => {
    pins.set(ref.secret, at * 2 * hashLength);
    pins.set(ref.hash, (at * 2 + 1) * hashLength);
  });
  return {
    keys,
    ids: chunks.map(({ ref }) => ref.objectId),
    lengths: chunks.map(({ ref }) => ref.plainLength),
    pins,
    sealed: chunks.map(({ sealed }) => sealed),
  };
}

/** The other thread's part. */
export function openMany({ keys, ids, lengths, pins, sealed }: OpenMany, random: Random): OpenedMany {
  const plain = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const sealRow = rowSealer(keys.seal, random);
  const known: Uint8Array[] = [];
  const ends: number[] = [];
  let [position, end] = [0, 0];
  ids.forEach((objectId, at) => {
    const plainLength = must(lengths[at]);
    const bytes = must(sealed[at]);
    const pin = pins.subarray(at * 2 * hashLength, (at + 1) * 2 * hashLength);
    const ref = { objectId, secret: pin.subarray(0, hashLength), hash: pin.subarray(hashLength), plainLength };
    const opened = openKnown(keys.hash, sealRow, { ref, sealed: bytes });
    if (opened !== null) {
      plain.set(opened.plain, position);
      known.push(opened.hash, opened.sealedRef);
      end += opened.hash.length + opened.sealedRef.length;
      position += plainLength;
    }
    ends.push(end);
  });
  for (const memory of new Set(sealed.map(({ buffer }) => buffer))) freeMemory(new Uint8Array(memory));
  return { plain, known: concat(...known), ends };
}

export function unpackChunks({ lengths }: Pick<OpenMany, 'lengths'>, { plain, known, ends }: OpenedMany): OpenedChunks {
  let [position, begin] = [0, 0];
  const chunks = ends.map((end, at) => {
    if (end === begin) return null;
    const length = must(lengths[at]);
    const chunk = {
      plain: plain.subarray(position, position + length),
      hash: known.subarray(begin, begin + hashLength),
      sealedRef: known.subarray(begin + hashLength, end),
    };
    position += length;
    begin = end;
    return chunk;
  });
  return { chunks, free: () => freeMemory(plain) };
}
