import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import { readPages } from '../../vault/manifest-pages.ts';
import type { ContentCrypto } from './content-crypto.ts';
import type { ObjectSource } from './object-source.ts';

export interface PageSource {
  readonly crypto: Pick<ContentCrypto, 'openPage' | 'sealedLength'>;
  readonly source: ObjectSource;
}

/** All chunks of a manifest in order; fetches and checks its pages if it has any. */
export async function manifestChunks(manifest: Manifest, { crypto, source }: PageSource): Promise<readonly ChunkRef[]> {
  if (manifest.content.kind === 'chunks') return manifest.content.chunks;
  const { chunks } = await readPages(manifest, async (page) =>
    crypto.openPage(page, await source.fetch(page.objectId, crypto.sealedLength(page.plainLength))),
  );
  return chunks;
}
