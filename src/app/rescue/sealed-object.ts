import { concat, fromHex, isEqual } from '../../common/bytes.ts';
import { must } from '../../common/errors.ts';
import { openAesGcm } from '../../crypto/aes-gcm.ts';
import type { Cbor } from '../../crypto/cbor.ts';
import { notAuthentic, overLimit } from '../../crypto/failure.ts';
import { hkdfExpand } from '../../crypto/hkdf.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { fieldsOf } from './fields.ts';
import { padme } from './small-box.ts';

/** Where a piece of plaintext is, and how to open it (FORMAT.md 5). `length`: of the plaintext, not yet checked. */
export interface Ref {
  readonly object: string;
  readonly secret: Uint8Array;
  readonly hash: Uint8Array;
  readonly length: number;
}

export const objectTypes = { chunk: 1, manifestPage: 2 } as const;

const maxPlainLength = 4 * 1024 * 1024;

export const isPlainLength = (length: number): boolean => length >= 1 && length <= maxPlainLength;

/** Throws E_AUTH for a ref of wrong shape. */
export function parseRef(value: Cbor): Ref {
  const fields = fieldsOf(value);
  const ref = { object: fields.id(), secret: fields.bytes(32), hash: fields.hash(), length: fields.integer() };
  fields.end();
  return ref;
}

const paddedLength = (length: number): number => Math.max(4096, padme(length));

/** Bytes that the sealed object has. */
export const sealedLength = (length: number): number => paddedLength(length) + 16;

/** Whether these are the bytes that the ref pins. */
export const isPinned = (ref: Ref, sealed: Uint8Array): boolean =>
  sealed.length === sealedLength(ref.length) && isEqual(sha256(sealed), ref.hash);

/** The plaintext (F-CHUNK-1…5). Throws E_LIMIT or E_AUTH. */
export function openObject(type: number, ref: Ref, sealed: Uint8Array): Uint8Array {
  if (ref.length > maxPlainLength) throw overLimit();
  if (ref.length < 1 || ref.secret.length !== 32 || !isPinned(ref, sealed)) throw notAuthentic();
  const id = must(fromHex(ref.object));
  const info = concat(new TextEncoder().encode('holdfast/1/chunk\0'), Uint8Array.of(type), id);
  const okm = hkdfExpand(ref.secret, info, 44);
  const aad = concat(Uint8Array.of(type, 1), id, u32(ref.length), u32(paddedLength(ref.length)));
  const padded = openAesGcm(okm.subarray(0, 32), okm.subarray(32), aad, sealed);
  if (padded.subarray(ref.length).some((byte) => byte !== 0)) throw notAuthentic();
  return padded.subarray(0, ref.length);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
