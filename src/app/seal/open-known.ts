import { isKind } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import { openChunk } from '../../crypto/chunk.ts';
import { localHash } from '../../crypto/local-hash.ts';
import type { FetchedChunk, OpenedChunk } from '../../engine/transfer/content-crypto.ts';
import { sealRefBox } from '../../vault/ref-box.ts';

/** Of one vault: what its index hashes contents with, and seals refs with. */
export interface IndexKeys {
  readonly hash: Uint8Array;
  readonly seal: Uint8Array;
}

/** Null if it is not what the ref pins. */
export function openKnown(keys: IndexKeys, { ref, sealed }: FetchedChunk, random: Random): OpenedChunk | null {
  try {
    const plain = openChunk(ref, sealed);
    return { plain, hash: localHash.hash(keys.hash, plain), sealedRef: sealRefBox(keys.seal, ref, random) };
  } catch (error) {
    if (isKind(error, 'security')) return null;
    throw error;
  }
}
