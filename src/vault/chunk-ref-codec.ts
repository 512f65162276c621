import { idBytes } from '../common/ids.ts';
import type { Cbor } from '../crypto/cbor.ts';
import { maxChunkLength } from '../crypto/chunk.ts';
import { arrayOf, bytesOf, hashOf, idOf, integerOf } from '../crypto/fields.ts';
import type { ChunkRef } from '../model/manifest.ts';

/** `[objectId, secret, hash, n]` (FORMAT.md 5). */
export const refFields = (ref: ChunkRef): Cbor => [idBytes(ref.objectId), ref.secret, ref.hash, ref.plainLength];

/** Shape only: `hasUsableLength` says whether anything can be behind it. Throws E_AUTH. */
export function parseRef(value: Cbor | undefined): ChunkRef {
  const [objectId, secret, hash, plainLength] = arrayOf(value, 4);
  return {
    objectId: idOf(objectId),
    secret: bytesOf(secret, 32),
    hash: hashOf(hash),
    plainLength: integerOf(plainLength),
  };
}

export const hasUsableLength = (ref: ChunkRef): boolean => ref.plainLength >= 1 && ref.plainLength <= maxChunkLength;
