import { concat } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { freeMemory } from '../common/free-memory.ts';
import type { ObjectId, Random } from '../common/ids.ts';
import { sealChunk, sealedLength } from '../crypto/chunk.ts';
import type { SealedChunk } from '../engine/content-crypto.ts';
import { sealRefBox } from '../vault/ref-box.ts';
import type { IndexKeys } from './open-known.ts';

const hashLength = 32;
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
  /** Of each its secret, then its hash: apart, since refs outlive the sealed bytes. */
  readonly pins: Uint8Array;
  /** Sealed refs, one after the other. */
  readonly refs: Uint8Array;
  readonly refLengths: readonly number[];
}

/** Copies the plaintexts. */
export const packPlains = (keys: IndexKeys, plains: readonly Uint8Array[]): SealMany => ({
  keys,
  lengths: plains.map(({ length }) => length),
  plain: concat(...plains),
});

export function sealKnown(keys: IndexKeys, plain: Uint8Array, random: Random): SealedChunk {
  const piece = sealChunk(plain, random);
  const { sealed: _, ...ref } = piece;
  return { ...piece, sealedRef: sealRefBox(keys.seal, ref, random) };
}

/** The other thread's part. */
export function sealMany({ keys, lengths, plain }: SealMany, random: Random): SealedMany {
  const sealed = new Uint8Array(sum(lengths.map(sealedLength)));
  const ids: ObjectId[] = [];
  const pins: Uint8Array[] = [];
  const refs: Uint8Array[] = [];
  let [from, to] = [0, 0];
  for (const length of lengths) {
    const chunk = sealKnown(keys, plain.subarray(from, from + length), random);
    sealed.set(chunk.sealed, to);
    ids.push(chunk.objectId);
    pins.push(chunk.secret, chunk.hash);
    refs.push(chunk.sealedRef);
    from += length;
    to += chunk.sealed.length;
    freeMemory(chunk.sealed);
  }
  freeMemory(plain);
  return { ids, sealed, pins: concat(...pins), refs: concat(...refs), refLengths: refs.map(({ length }) => length) };
}

export function unpackSealed(lengths: readonly number[], many: SealedMany): readonly SealedChunk[] {
  let [sealedAt, refAt] = [0, 0];
  return lengths.map((plainLength, at) => {
    const pin = many.pins.subarray(at * 2 * hashLength, (at + 1) * 2 * hashLength);
    const [sealedEnd, refEnd] = [sealedAt + sealedLength(plainLength), refAt + must(many.refLengths[at])];
    const chunk = {
      objectId: must(many.ids[at]),
      secret: pin.subarray(0, hashLength),
      hash: pin.subarray(hashLength),
      plainLength,
      sealed: many.sealed.subarray(sealedAt, sealedEnd),
      sealedRef: many.refs.subarray(refAt, refEnd),
    };
    [sealedAt, refAt] = [sealedEnd, refEnd];
    return chunk;
  });
}
