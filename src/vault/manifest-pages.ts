import type { Random } from '../common/ids.ts';
import type { SealedChunk } from '../crypto/chunk.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';

/** A revision whose chunks are sealed and known. */
export interface WholeManifest extends Omit<Manifest, 'content' | 'size'> {
  readonly chunks: readonly ChunkRef[];
}

/** The manifest of a content, and the pages to upload before it: none for up to 16 chunks (FORMAT.md 6). */
export function packManifest(
  _whole: WholeManifest,
  _random: Random,
): { readonly manifest: Manifest; readonly pages: readonly SealedChunk[] } {
  throw new Error('not yet');
}

/** All chunks of a manifest in order, and its pages on both levels. Fetches pages one after the other. Throws E_AUTH (this file alone is bad), E_LIMIT, or what `fetchPage` throws. */
export async function readPages(
  _manifest: Manifest,
  _fetchPage: (page: ChunkRef) => Promise<Uint8Array>,
): Promise<{ readonly chunks: readonly ChunkRef[]; readonly pages: readonly ChunkRef[] }> {
  throw new Error('not yet');
}
