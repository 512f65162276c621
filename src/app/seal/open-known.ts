import { isKind } from '../../common/errors.ts';
import { openChunk } from '../../crypto/chunk.ts';
import type { SealRow } from '../../crypto/index-box.ts';
import { localHash } from '../../crypto/local-hash.ts';
import type { FetchedChunk, OpenedChunk } from '../../engine/transfer/content-crypto.ts';
import { sealRefBox } from '../../vault/ref-box.ts';

/** Of one vault: what its index hashes contents with, and seals refs with. */
export interface IndexKeys {
  readonly hash: Uint8Array;
  readonly seal: Uint8Array;
}

/** Null if it is not what the ref pins. */
export function openKnown(hashKey: Uint8Array, sealRow: SealRow, { ref, sealed }: FetchedChunk): OpenedChunk | null {
  try {
    const plain = openChunk(ref, sealed);
    return { plain, hash: localHash.hash(hashKey, plain), sealedRef: sealRefBox(sealRow, ref) };
  } catch (error) {
    if (isKind(error, 'security')) return null;
    throw error;
  }
}
