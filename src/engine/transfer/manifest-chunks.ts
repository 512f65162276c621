import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import { type ReadContent, readPages } from '../../vault/manifest-pages.ts';
import type { ContentCrypto } from './content-crypto.ts';
import type { ObjectSource } from './object-source.ts';

export interface PageSource {
  readonly crypto: Pick<ContentCrypto, 'openPage' | 'sealedLength'>;
  readonly source: ObjectSource;
}

/** All chunks of a manifest in order; fetches and checks its pages if it has any. */
export async function manifestChunks(manifest: Manifest, { crypto, source }: PageSource): Promise<readonly ChunkRef[]> {
  if (manifest.content.kind === 'chunks') return manifest.content.chunks;
  return (await readContent(manifest, { crypto, source })).chunks;
}

/** The same with the pages that list them. */
export const readContent = (manifest: Manifest, { crypto, source }: PageSource): Promise<ReadContent> =>
  readPages(manifest, async (page) =>
    crypto.openPage(page, await source.fetch(page.objectId, crypto.sealedLength(page.plainLength))),
  );
