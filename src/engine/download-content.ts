import type { FileSystem, StagedFile } from '../local/file-system.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ContentCrypto } from './content-crypto.ts';
import { manifestChunks } from './manifest-chunks.ts';
import type { ObjectSource } from './object-source.ts';
import type { Semaphore } from './semaphore.ts';

export interface DownloadContext {
  readonly fs: Pick<FileSystem, 'createStaged'>;
  readonly crypto: ContentCrypto;
  readonly source: ObjectSource;
  /** Bounds sealed and plain bytes in memory over all files. */
  readonly memory: Semaphore;
  readonly onReceived: (bytes: number) => void;
}

/**
 * Fetches a revision into the stage. Every chunk is checked against its pinned hash and opened before a byte of it is
 * written. The result is finished but not yet synced. On failure nothing is left.
 */
export async function downloadContent(context: DownloadContext, manifest: Manifest): Promise<StagedFile> {
  const { crypto, source } = context;
  const chunks = await manifestChunks(manifest, { crypto, source });
  const staged = await context.fs.createStaged();
  const writing: Promise<void>[] = [];
  let failure: unknown = null;
  try {
    let position = 0;
    for (const chunk of chunks) {
      if (failure !== null) break;
      const size = crypto.sealedLength(chunk.plainLength);
      const release = await context.memory.acquire(size + chunk.plainLength);
      const at = position;
      position += chunk.plainLength;
      writing.push(
        (async () => {
          const plain = await openFetched(context, chunk, size);
          await staged.write(plain, at);
          context.onReceived(plain.length);
        })()
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(release),
      );
    }
    await Promise.all(writing);
    if (failure !== null) throw failure;
    await staged.finish({ mtimeUs: manifest.mtimeUs, exec: manifest.exec });
    return staged;
  } catch (error) {
    await Promise.all(writing);
    await staged.discard();
    throw error;
  }
}

/** An object that fails its check is fetched once more at most: a bad copy on the way is possible, a loop is an oracle. */
async function openFetched(
  context: DownloadContext,
  chunk: Parameters<ContentCrypto['openChunk']>[0],
  size: number,
): Promise<Uint8Array> {
  const first = await context.source.fetch(chunk.objectId, size);
  try {
    return await context.crypto.openChunk(chunk, first);
  } catch {
    return context.crypto.openChunk(chunk, await context.source.fetch(chunk.objectId, size));
  }
}
