import { concat, isEqual } from '../common/bytes.ts';
import { HoldfastError } from '../common/errors.ts';
import { freeMemory } from '../common/free-memory.ts';
import { idBytes, newId, type ObjectId, type Random } from '../common/ids.ts';
import { openAesGcm, sealAesGcm, tagLength } from './aes-gcm.ts';
import { wipe } from './constant-time.ts';
import { notAuthentic, overLimit } from './failure.ts';
import { hkdfExpand } from './hkdf.ts';
import { labelPrefix, suite } from './labels.ts';
import { padme } from './padme.ts';
import { sha256 } from './sha256.ts';

/** What an object holds; part of its key, so that no role can be played by another (F-CHUNK-5). */
export type ObjectType = 'chunk' | 'manifest-page' | 'state-page';

const typeByte: Readonly<Record<ObjectType, number>> = { chunk: 1, 'manifest-page': 2, 'state-page': 3 };

/** Most plaintext bytes of one object. */
export const maxChunkLength = 4 * 1024 * 1024;
const paddingFloor = 4096;

/** How to find, check and open one object; the same shape as the model's ChunkRef. */
export interface ObjectRef {
  readonly objectId: ObjectId;
  /** 32 random bytes, used for one plaintext only. */
  readonly secret: Uint8Array;
  /** SHA-256 of the sealed bytes. */
  readonly hash: Uint8Array;
  readonly plainLength: number;
}

export interface SealedChunk extends ObjectRef {
  readonly sealed: Uint8Array;
}

/** Bytes of plaintext after padding. */
const paddedLength = (plainLength: number): number => Math.max(paddingFloor, padme(plainLength));

/** Bytes of the sealed object for a plaintext of this length. */
export const sealedLength = (plainLength: number): number => paddedLength(plainLength) + tagLength;

interface ChunkKeys {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

function chunkKeys(type: ObjectType, objectId: ObjectId, secret: Uint8Array, plainLength: number): ChunkKeys {
  const id = idBytes(objectId);
  const role = typeByte[type];
  const okm = hkdfExpand(secret, concat(labelPrefix('chunk'), Uint8Array.of(role), id), 44);
  const aad = new Uint8Array(26);
  aad[0] = role;
  aad[1] = suite;
  aad.set(id, 2);
  const lengths = new DataView(aad.buffer, 18);
  lengths.setUint32(0, plainLength);
  lengths.setUint32(4, paddedLength(plainLength));
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32), aad };
}

/** Seals 1 byte to 4 MiB under a fresh id and secret. */
export const sealChunk = (plain: Uint8Array, random: Random, type: ObjectType = 'chunk'): SealedChunk =>
  sealChunkWith(newId<ObjectId>(random), random.bytes(32), plain, type);

/**
 * Seals with a given id and secret: equal inputs, equal bytes. Only to compare a plaintext with a known ref
 * (`resealsTo`); the result must not leave the device unless its hash is the ref's (F-CHUNK-4).
 */
export function sealChunkWith(
  objectId: ObjectId,
  secret: Uint8Array,
  plain: Uint8Array,
  type: ObjectType = 'chunk',
): SealedChunk {
  if (plain.length < 1 || plain.length > maxChunkLength || secret.length !== 32) {
    throw new HoldfastError('bug', 'a chunk has 1 byte to 4 MiB and a secret of 32 bytes');
  }
  const { key, nonce, aad } = chunkKeys(type, objectId, secret, plain.length);
  const sealed = sealAesGcm(key, nonce, aad, plain, paddedLength(plain.length));
  wipe(key, nonce);
  return { objectId, secret, sealed, hash: sha256(sealed), plainLength: plain.length };
}

/** The plaintext itself if it is what `ref` refers to; else null, and its memory is given back. */
export function ifSealedFrom(ref: ObjectRef, plain: Uint8Array): Uint8Array | null {
  if (resealsTo(ref, plain)) return plain;
  freeMemory(plain);
  return null;
}

/** Whether `plain` is what `ref` refers to, without having the sealed object. */
export function resealsTo(ref: ObjectRef, plain: Uint8Array): boolean {
  if (plain.length !== ref.plainLength) return false;
  const { hash, sealed } = sealChunkWith(ref.objectId, ref.secret, plain);
  freeMemory(sealed);
  return isEqual(hash, ref.hash);
}

/**
 * The plaintext of a sealed object. Length and pinned hash are checked first, then the tag, then the padding; nothing is
 * given out before. Throws E_LIMIT or E_AUTH.
 */
export function openChunk(ref: ObjectRef, sealed: Uint8Array, type: ObjectType = 'chunk'): Uint8Array {
  if (ref.plainLength > maxChunkLength) throw overLimit();
  if (!Number.isInteger(ref.plainLength) || ref.plainLength < 1 || ref.secret.length !== 32) throw notAuthentic();
  if (sealed.length !== sealedLength(ref.plainLength)) throw notAuthentic();
  if (!isEqual(sha256(sealed), ref.hash)) throw notAuthentic();
  const { key, nonce, aad } = chunkKeys(type, ref.objectId, ref.secret, ref.plainLength);
  const padded = openAesGcm(key, nonce, aad, sealed);
  wipe(key, nonce);
  for (let at = ref.plainLength; at < padded.length; at++) {
    if (padded[at] !== 0) throw notAuthentic();
  }
  return padded.subarray(0, ref.plainLength);
}
