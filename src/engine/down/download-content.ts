import { freeMemory } from '../../common/free-memory.ts';
import type { ChunkRow } from '../../db/index-port.ts';
import type { FileSystem, StagedFile } from '../../local/file-system.ts';
import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { isLarge, isLight, weightOf } from '../transfer/file-weight.ts';
import { stoppedNow } from '../transfer/interruption.ts';
import { knownChunk } from '../transfer/known-chunk.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import type { ObjectSource } from '../transfer/object-source.ts';
import type { Semaphore } from '../transfer/semaphore.ts';
import type { TransferMeter } from '../transfer/transfer-meter.ts';
import type { LocalChunks } from './local-chunks.ts';

export interface DownloadContext {
  readonly fs: Pick<FileSystem, 'createStaged'>;
  readonly crypto: ContentCrypto;
  readonly source: ObjectSource;
  /** Bounds sealed and plain bytes in memory over all files. */
  readonly memory: Semaphore;
  /** Files that could not go on where they were, but light ones, are asked for one after the other, so that few are half fetched. */
  readonly turn: Semaphore;
  /** For progress: a piece, or many small ones, are to come. It ends with what is in the stage. */
  readonly onReceiving: TransferMeter['setOut'];
  /** Bytes that an earlier try has received. */
  readonly onLeftover: (bytes: number) => void;
  /** Asked between pieces: true ends what is under way. */
  readonly isStopping: () => boolean;
}

export interface Downloaded {
  /** Finished, not yet synced. */
  readonly staged: StagedFile;
  /** Its pieces in order, for the index. */
  readonly chunks: readonly ChunkRow[];
}

/**
 * Brings a revision into the stage: what `findLocal` has from this disk, the rest from the vault. Every chunk is checked
 * against its pinned hash before a byte of it is written. The result is finished but not yet synced. On failure only what a
 * later try can take up is left.
 */
export async function downloadContent(
  context: DownloadContext,
  manifest: Manifest,
  findLocal: (chunks: readonly ChunkRef[]) => Promise<LocalChunks | null> = async () => null,
): Promise<Downloaded> {
  const { crypto, source } = context;
  const chunks = await manifestChunks(manifest, { crypto, source });
  const isResumable = isLarge(manifest.size);
  const weight = weightOf(manifest.size);
  const staged = await (isResumable
    ? context.fs.createStaged(manifest.revision, manifest.size)
    : context.fs.createStaged());
  let endTurn = (): void => undefined;
  let local: LocalChunks | null = null;
  const writing: Promise<void>[] = [];
  const known: ChunkRow[] = [];
  let failure: unknown = null;
  try {
    local = await findLocal(chunks);
    if (!isResumable && !isLight(manifest.size)) endTurn = await context.turn.acquire(1, weight);
    let position = 0;
    for (const [index, chunk] of chunks.entries()) {
      if (failure !== null) break;
      const size = crypto.sealedLength(chunk.plainLength);
      const release = await context.memory.acquire(size + chunk.plainLength, weight);
      // Of others that have begun little is to come, and all would be fetched again.
      if (context.isStopping() && (isResumable || index === 0)) failure ??= stoppedNow();
      if (failure !== null) {
        release();
        break;
      }
      const at = position;
      position += chunk.plainLength;
      writing.push(
        (async () => {
          const passage = context.onReceiving(chunk.plainLength, size);
          let arrived = 0;
          try {
            const left = at + chunk.plainLength <= staged.leftBytes ? await leftover(crypto, staged, chunk, at) : null;
            const found = left === null ? await local?.read(chunk) : null;
            const plain = left ?? found?.plain ?? (await openFetched(context, chunk, size, passage.moved, weight));
            if (left === null) await staged.write(plain, at);
            // Of what was found here the index knows all, but for the checksum of what was the only piece of a file.
            const row = found?.row;
            known[index] =
              row !== undefined && row.weak !== 0
                ? { ...row, isReferenced: true }
                : knownChunk(crypto, chunk, plain, chunks.length === 1);
            freeMemory(plain);
            if (left === null) arrived = chunk.plainLength;
            else context.onLeftover(chunk.plainLength);
          } finally {
            passage.end(arrived);
          }
        })()
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(release),
      );
    }
    endTurn();
    await Promise.all(writing);
    if (failure !== null) throw failure;
    await staged.finish({ mtimeUs: manifest.mtimeUs, exec: manifest.exec, size: manifest.size });
    return { staged, chunks: known };
  } catch (error) {
    await Promise.all(writing);
    await staged.leave();
    throw error;
  } finally {
    endTurn();
    await local?.close();
  }
}

/** What an earlier try wrote counts if it is exactly what was sealed: it is sealed again and compared with the pinned hash. */
async function leftover(
  crypto: ContentCrypto,
  staged: StagedFile,
  chunk: ChunkRef,
  position: number,
): Promise<Uint8Array | null> {
  const plain = new Uint8Array(chunk.plainLength);
  const isWhole = (await staged.read(plain, position)) === plain.length;
  if (isWhole) return crypto.ifSealedFrom(chunk, plain);
  freeMemory(plain);
  return null;
}

/** An object that fails its check is fetched once more at most: a bad copy on the way is possible, a loop is an oracle. */
async function openFetched(
  context: DownloadContext,
  chunk: ChunkRef,
  size: number,
  onMoved: (bytes: number) => void,
  weight: number,
): Promise<Uint8Array> {
  const first = await context.source.fetch(chunk.objectId, size, onMoved, weight);
  try {
    return await context.crypto.openChunk(chunk, first);
  } catch {
    return context.crypto.openChunk(chunk, await context.source.fetch(chunk.objectId, size));
  }
}
