import { headSum } from '../../chunk/weak-sum.ts';
import type { RevisionId } from '../../common/ids.ts';
import type { ChunkRow, IndexWriter } from '../../db/index-port.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import type { ContentCrypto, OpenedChunk } from './content-crypto.ts';

/**
 * What the index keeps of a piece that the vault holds, so that a copy of it sends nothing and an edit only what changed.
 * `isWhole`: the only piece of its file; a delta needs no rolling checksum of it.
 */
export const knownChunk = (
  crypto: Pick<ContentCrypto, 'localHash' | 'sealRef'>,
  ref: ChunkRef,
  plain: Uint8Array,
  isWhole: boolean,
): ChunkRow =>
  chunkRow(ref, { hash: crypto.localHash(plain), sealedRef: crypto.sealRef(ref) }, isWhole ? 0 : headSum(plain));

/** The same of an opened piece: `weak` is its rolling checksum, 0 for the only piece of a file. */
export const chunkRow = (
  { objectId, plainLength }: ChunkRef,
  { hash, sealedRef }: Pick<OpenedChunk, 'hash' | 'sealedRef'>,
  weak: number,
): ChunkRow => ({ hash, objectId, sealedRef, plainLength, weak, isReferenced: true });

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
