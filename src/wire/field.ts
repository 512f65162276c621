import { z } from 'zod';
import { fromHex, toHex } from '../common/bytes.ts';
import { type AnyId, idLength, type ObjectId } from '../common/ids.ts';
import { base64urlLength, fromBase64url, toBase64url } from './base64url.ts';

/** Building blocks of the schemas: how ids, bytes, hashes and counts look in JSON, and what they are in memory. */

/** 32 lower-case hexadecimal digits. */
export const idField = <T extends AnyId>(): z.ZodType<T, T> =>
  z.string().regex(/^[0-9a-f]{32}$/) as unknown as z.ZodType<T, T>;

const bytesOut = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

function bytesCodec(least: number, most: number) {
  const text = z
    .string()
    .min(base64urlLength(least))
    .max(base64urlLength(most))
    .regex(/^[A-Za-z0-9_-]*$/)
    .meta({ contentEncoding: 'base64url' });
  return z.codec(text, bytesOut, {
    decode: (value, context) => {
      const bytes = fromBase64url(value);
      if (bytes !== null && bytes.length >= least && bytes.length <= most) return bytes;
      context.issues.push({ code: 'custom', message: 'not the base64url of the bytes expected', input: value });
      return z.NEVER;
    },
    encode: (bytes) => toBase64url(bytes),
  });
}

/** At most `most` bytes, in base64url. */
export const bytesField = (most: number) => bytesCodec(0, most);

/** Exactly `length` bytes, in base64url. */
export const exactBytesField = (length: number) => bytesCodec(length, length);

export const hashField = () => exactBytesField(32);
export const signatureField = () => exactBytesField(64);
export const publicKeyField = () => exactBytesField(32);

/** Of a session. One with anything else in it no header can carry: no request would leave any more, nor be told to sign in anew. */
export const tokenField = () =>
  z
    .string()
    .min(32)
    .max(128)
    .refine((token) => /^[A-Za-z0-9_-]*$/.test(token));

/** A count or seq: 0 to 2^53 - 1. */
export const countField = () => z.int().min(0);

const idsOut = z.custom<readonly ObjectId[]>((value) => Array.isArray(value));

/** Ids joined, 16 bytes each, in base64url: a fourth less than as hexadecimal, and nothing to parse between them. */
export function idsField(most: number) {
  const text = z
    .string()
    .max(base64urlLength(most * idLength))
    .regex(/^[A-Za-z0-9_-]*$/)
    .meta({ contentEncoding: 'base64url' });
  return z.codec(text, idsOut, {
    decode: (value, context) => {
      const bytes = fromBase64url(value);
      if (bytes !== null && bytes.length % idLength === 0 && bytes.length <= most * idLength) return splitIds(bytes);
      context.issues.push({ code: 'custom', message: 'not the base64url of ids of 16 bytes', input: value });
      return z.NEVER;
    },
    encode: (ids) => toBase64url(joinIds(ids)),
  });
}

export function splitIds(bytes: Uint8Array): ObjectId[] {
  const ids: ObjectId[] = [];
  for (let at = 0; at < bytes.length; at += idLength) ids.push(toHex(bytes.subarray(at, at + idLength)) as ObjectId);
  return ids;
}

/** The ids' bytes, one after the other: what travels, and what the hash of a list is taken of. */
export function joinIds(ids: readonly ObjectId[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * idLength);
  ids.forEach((id, index) => {
    bytes.set(fromHex(id) ?? new Uint8Array(idLength), index * idLength);
  });
  return bytes;
}
