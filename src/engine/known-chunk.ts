import { headSum } from '../chunk/weak-sum.ts';
import type { RevisionId } from '../common/ids.ts';
import type { ChunkRow, IndexWriter } from '../db/index-port.ts';
import type { ChunkRef } from '../model/manifest.ts';
import type { ContentCrypto } from './content-crypto.ts';

/**
 * What the index keeps of a piece that the vault holds, so that a copy of it sends nothing and an edit only what changed.
 * `isWhole`: the only piece of its file; a delta needs no rolling checksum of it.
 */
export const knownChunk = (
  crypto: Pick<ContentCrypto, 'localHash' | 'sealRef'>,
  ref: ChunkRef,
  plain: Uint8Array,
  isWhole: boolean,
): ChunkRow => ({
  hash: crypto.localHash(plain),
  objectId: ref.objectId,
  sealedRef: crypto.sealRef(ref),
  plainLength: plain.length,
  weak: isWhole ? 0 : headSum(plain),
  isReferenced: true,
});

/** Remembers the pieces of a revision, in order. */
export function rememberChunks(write: IndexWriter, revision: RevisionId, chunks: readonly ChunkRow[]): void {
  for (const chunk of chunks) write.putChunk(chunk);
  if (chunks.length > 1) {
    write.setRevisionChunks(
      revision,
      chunks.map((chunk) => chunk.hash),
    );
  }
}
