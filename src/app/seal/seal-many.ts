import { concat } from '../../common/bytes.ts';
import { must } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { ObjectId, Random } from '../../common/ids.ts';
import { sealChunk, sealedLength } from '../../crypto/chunk.ts';
import { rowSealer, type SealRow } from '../../crypto/index-box.ts';
import { localHash } from '../../crypto/local-hash.ts';
import { hashLength } from '../../crypto/sha256.ts';
import type { SealedChunk, SealedChunks } from '../../engine/transfer/content-crypto.ts';
import { sealRefBox } from '../../vault/ref-box.ts';
import type { IndexKeys } from './open-known.ts';

const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);

/** Small chunks for another thread, in few pieces: each object that crosses costs as much as sealing some kilobytes. */
export interface SealMany {
  readonly keys: IndexKeys;
  readonly lengths: readonly number[];
  /** Plaintexts, one after the other. */
  readonly plain: Uint8Array;
}

/** What became of them, in their order. */
export interface SealedMany {
  readonly ids: readonly ObjectId[];
  /** Sealed bytes, one after the other. */
  readonly sealed: Uint8Array;
  /** Of each its secret, its hash, then its local hash: apart, since they outlive the sealed bytes. */
  readonly pins: Uint8Array;
  /** Sealed refs, one after the other. */
  readonly refs: Uint8Array;
  readonly refLengths: readonly number[];
}

/** Neighbours in memory stay where they are, others are copied. */
export const packPlains = (keys: IndexKeys, plains: readonly Uint8Array[]): SealMany => ({
  keys,
  lengths: plains.map(({ length }) => length),
  plain: asOne(plains) ?? concat(...plains),
});

function asOne(parts: readonly Uint8Array[]): Uint8Array | null {
  const [first] = parts;
  if (first === undefined) return null;
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of parts) {
    if (buffer !== first.buffer || byteOffset !== end) return null;
    end += length;
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}

export function sealKnown(hashKey: Uint8Array, sealRow: SealRow, plain: Uint8Array, random: Random): SealedChunk {
  const { objectId, secret, hash, plainLength, sealed } = sealChunk(plain, random);
  const sealedRef = sealRefBox(sealRow, { objectId, secret, hash, plainLength });
  return { objectId, secret, hash, plainLength, sealed, sealedRef, localHash: localHash.hash(hashKey, plain) };
}

/** The other thread's part. */
export function sealMany({ keys, lengths, plain }: SealMany, random: Random): SealedMany {
  const sealed = new Uint8Array(sum(lengths.map(sealedLength)));
  const ids: ObjectId[] = [];
  const pins: Uint8Array[] = [];
  const refs: Uint8Array[] = [];
  const sealRow = rowSealer(keys.seal, random);
  let [from, to] = [0, 0];
  for (const length of lengths) {
    const chunk = sealKnown(keys.hash, sealRow, plain.subarray(from, from + length), random);
    sealed.set(chunk.sealed, to);
    ids.push(chunk.objectId);
    pins.push(chunk.secret, chunk.hash, chunk.localHash);
    refs.push(chunk.sealedRef);
    from += length;
    to += chunk.sealed.length;
    freeMemory(chunk.sealed);
  }
  freeMemory(new Uint8Array(plain.buffer));
  return { ids, sealed, pins: concat(...pins), refs: concat(...refs), refLengths: refs.map(({ length }) => length) };
}

export function unpackSealed(lengths: readonly number[], many: SealedMany): SealedChunks {
  let [sealedAt, refAt, pinAt] = [0, 0, 0];
  const nextPin = (): Uint8Array => {
    pinAt += hashLength;
    return many.pins.subarray(pinAt - hashLength, pinAt);
  };
  const chunks = lengths.map((plainLength, at) => {
    const [sealedEnd, refEnd] = [sealedAt + sealedLength(plainLength), refAt + must(many.refLengths[at])];
    const chunk = {
      objectId: must(many.ids[at]),
      secret: nextPin(),
      hash: nextPin(),
      localHash: nextPin(),
      plainLength,
      sealed: many.sealed.subarray(sealedAt, sealedEnd),
      sealedRef: many.refs.subarray(refAt, refEnd),
    };
    [sealedAt, refAt] = [sealedEnd, refEnd];
    return chunk;
  });
  return { chunks, free: () => freeMemory(many.sealed) };
}
