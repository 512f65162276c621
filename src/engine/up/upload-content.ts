import { chunkSizeFor, chunkSizeForDelta } from '../../chunk/chunk-size.ts';
import { deltaBytes, deltaPieces } from '../../chunk/delta.ts';
import { longestOf, type PreviousChunk } from '../../chunk/previous-chunks.ts';
import { headSum } from '../../chunk/weak-sum.ts';
import { HoldfastError } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { NodeId, Random, RevisionId } from '../../common/ids.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { Index, LocalRow } from '../../db/index-port.ts';
import type { DiskReader, OpenFile } from '../../local/file-system.ts';
import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import { isSameIdentity, type Stat } from '../../model/stat.ts';
import { packManifest } from '../../vault/manifest-pages.ts';
import { fileTooLarge } from '../../vault/split-operations.ts';
import type { ChunkStore, StoredChunk } from '../transfer/chunk-store.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { weightOf } from '../transfer/file-weight.ts';
import { manifestChunks, type PageSource } from '../transfer/manifest-chunks.ts';
import type { Semaphore } from '../transfer/semaphore.ts';

export type UploadOutcome =
  | {
      readonly status: 'uploaded';
      readonly manifest: Manifest;
      /** All that the content needs: chunks and pages, in order. */
      readonly refs: readonly ChunkRef[];
      /** Local hashes of the chunks, for a delta against this revision; empty for small files. */
      readonly hashes: readonly Uint8Array[];
    }
  /** The content is that of this revision after all, which was the vault's current one when the file was read. */
  | { readonly status: 'same'; readonly revision: RevisionId }
  /** The file is not, or did not stay, as the index says. */
  | { readonly status: 'stale' };

export interface UploadContext {
  readonly index: Index;
  readonly fs: Pick<DiskReader, 'openFile' | 'readFiles'>;
  readonly crypto: ContentCrypto;
  readonly store: ChunkStore;
  readonly pages: PageSource;
  readonly random: Random;
  /** Bounds plaintext in memory, in bytes, over all files. */
  readonly memory: Semaphore;
  /** The same for what deltas hold of their files. Nobody who has of `memory` waits for it. */
  readonly deltaMemory: Semaphore;
  /** Files up to this size are sent together; at most as large as the smallest chunk. */
  readonly smallBytes: number;
  /** The file is being written and may not come to rest: what stands of it is taken, if no more than an end is added. */
  readonly isHurried: (node: NodeId) => boolean;
  /** Bytes of a large file that the vault holds already. */
  readonly onKnown: (bytes: number) => void;
  /** Asked between pieces: true ends what is under way, as if the file had changed. */
  readonly isStopping: () => boolean;
}

/** A local content that is to become a revision of the vault. */
export interface WantedContent {
  readonly row: LocalRow;
  readonly path: RelativePath;
  readonly revision: RevisionId;
  /** The vault has nothing of its node so far. */
  readonly isNew: boolean;
}

/** All pieces of a content that the vault does not hold yet are retained by one entry (F-ENTRY-1). */
const mostNewBytes = 250 * 1024 ** 3;

/** The file that the index describes is the one that was opened. A ctime of 0 is one that was too fresh to trust. */
export const isAsIndexed = (row: LocalRow, stat: Stat): boolean =>
  stat.size === row.size &&
  stat.mtimeUs === row.mtimeUs &&
  isSameIdentity(stat, row) &&
  (row.ctimeUs === 0 || stat.ctimeUs === row.ctimeUs);

/** It may have grown at its end since. */
const isGrownFrom = (row: LocalRow, file: OpenFile): boolean =>
  isSameIdentity(file.stat, row) && file.stat.size >= row.size;

/**
 * What was stored still is the file's beginning: so it stood there all of the time between the two reads, which is a state
 * that the file was in.
 */
async function isBeginning(context: UploadContext, file: OpenFile, chunks: readonly ChunkRef[]): Promise<boolean> {
  let position = 0;
  for (const chunk of chunks) {
    const plain = new Uint8Array(chunk.plainLength);
    if ((await file.read(plain, position)) !== plain.length) return false;
    const same = await context.crypto.ifSealedFrom(chunk, plain);
    if (same === null) return false;
    freeMemory(same);
    position += chunk.plainLength;
  }
  return true;
}

/** Reads a local file once, stores what the vault lacks of it, and makes the manifest of its new revision. */
export async function uploadContent(context: UploadContext, wanted: WantedContent): Promise<UploadOutcome> {
  const { path, revision, row } = wanted;
  const file = await context.fs.openFile(path);
  try {
    const isHurried = context.isHurried(row.id) && isGrownFrom(row, file);
    if (!isHurried && !isAsIndexed(row, file.stat)) return { status: 'stale' };
    const previous = await previousContent(context, wanted);
    if (row.size - (previous?.manifest.size ?? 0) > mostNewBytes) throw fileTooLarge();
    const stored = await storePieces(context, file, row.size, previous);
    if (stored === null) return { status: 'stale' };
    const chunks = stored.map((each) => each.ref);
    const isWhole = (await file.isUnchanged()) && isAsIndexed(row, file.stat);
    if (!isWhole && !(isHurried && (await isBeginning(context, file, chunks)))) return { status: 'stale' };
    if (isSameContent(row, previous, chunks)) return { status: 'same', revision: previous.manifest.revision };
    const { manifest, pages } = packManifest(
      { node: row.id, revision, mtimeUs: row.mtimeUs, exec: row.exec, chunks },
      context.random,
    );
    await Promise.all(pages.map((page) => context.store.storePage(page)));
    const hashes = stored.length > 1 ? stored.map((each) => each.hash) : [];
    return { status: 'uploaded', manifest, refs: [...chunks, ...pages], hashes };
  } finally {
    await file.close();
  }
}

export interface PreviousContent {
  readonly manifest: Manifest;
  readonly chunks: readonly ChunkRef[];
}

/** What the vault holds of it so far; null if nothing, or not all that it takes to read it. */
export async function previousContent(
  context: UploadContext,
  { isNew, row }: Pick<WantedContent, 'isNew' | 'row'>,
): Promise<PreviousContent | null> {
  if (isNew) return null;
  const current = context.index.read.remote(row.id)?.revision ?? null;
  const sealed = current === null ? null : context.index.read.currentManifest(row.id);
  if (current === null || sealed === null) return null;
  const manifest = context.crypto.openManifest(current, sealed);
  try {
    return { manifest, chunks: await manifestChunks(manifest, context.pages) };
  } catch (error) {
    // Without its pages the former content is only a lost chance to send less.
    if (error instanceof HoldfastError && (error.kind === 'missing' || error.kind === 'security')) return null;
    throw error;
  }
}

export const isSameContent = (
  row: LocalRow,
  previous: PreviousContent | null,
  chunks: readonly ChunkRef[],
): previous is PreviousContent =>
  previous !== null &&
  previous.manifest.exec === row.exec &&
  previous.chunks.length === chunks.length &&
  previous.chunks.every((chunk, i) => chunk.objectId === chunks[i]?.objectId);

/** Null when the file ended early, or when it is to be left for later: what was stored of it is not sent again then. */
async function storePieces(
  context: UploadContext,
  file: OpenFile,
  size: number,
  previous: PreviousContent | null,
): Promise<readonly StoredChunk[] | null> {
  const chunkSize = chunkSizeFor(size);
  const weight = weightOf(size);
  const storing: Promise<StoredChunk>[] = [];
  let isPartial = false;
  let hasFailed = false;
  /** Nothing comes of it any more: what else there is of a large file need not be read. */
  const isLost = (): boolean => {
    isPartial ||= context.isStopping();
    return isPartial || hasFailed;
  };

  const add = async (length: number, fill: (into: Uint8Array) => Promise<boolean>): Promise<void> => {
    const release = await context.memory.acquire(length, weight);
    if (isLost()) return release();
    // Not zeroed: nothing of it is used unless all of it is filled.
    const plain = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    try {
      if (!(await fill(plain))) {
        isPartial = true;
        release();
        return;
      }
    } catch (error) {
      release();
      throw error;
    }
    const stored = context.store
      .store(plain, size > chunkSize ? headSum(plain) : 0, weight)
      .then((each) => {
        if (each.sentBytes === 0) context.onKnown(length);
        return each;
      })
      .finally(() => {
        freeMemory(plain);
        release();
      });
    // Failures are collected below; until then they must not count as unhandled.
    stored.catch(() => {
      hasFailed = true;
    });
    storing.push(stored);
  };

  const splitWhole = async (): Promise<void> => {
    for (let offset = 0; offset < size && !isLost(); offset += chunkSize) {
      const length = Math.min(chunkSize, size - offset);
      await add(length, async (into) => (await file.read(into, offset)) === length);
    }
  };

  const addDelta = async ({ chunks }: PreviousContent, known: readonly PreviousChunk[]): Promise<void> => {
    const reader = { size, read: (position: number, into: Uint8Array) => file.read(into, position) };
    const delta = {
      reader,
      previous: known,
      chunkSize: chunkSizeForDelta(size, longestOf(known)),
      strongHash: context.crypto.localHash,
    };
    const release = await context.deltaMemory.acquire(deltaBytes(delta), weight);
    try {
      for await (const piece of deltaPieces(delta)) {
        if (isLost()) break;
        if (piece.kind === 'fragmented') {
          await Promise.all(storing);
          storing.length = 0;
          await splitWhole();
        } else if (piece.kind === 'reuse') {
          const ref = chunks[piece.index];
          const hash = known[piece.index]?.strong;
          if (ref === undefined || hash === undefined) throw new HoldfastError('bug', 'delta reuses an unknown chunk');
          storing.push(Promise.resolve({ ref, hash, sentBytes: 0 }));
        } else {
          await add(piece.bytes.length, async (into) => {
            into.set(piece.bytes);
            return true;
          });
        }
      }
    } finally {
      release();
    }
  };

  const known = size > chunkSize && previous !== null ? previousChunks(context, previous) : [];
  try {
    if (known.length > 0 && previous !== null) await addDelta(previous, known);
    else await splitWhole();
  } catch (error) {
    await Promise.allSettled(storing);
    throw error;
  }
  // What was acknowledged meanwhile is remembered before a failure ends this file.
  const stored: StoredChunk[] = [];
  let failure: unknown = null;
  for (const end of await Promise.allSettled(storing)) {
    if (end.status === 'fulfilled') stored.push(end.value);
    else failure ??= end.reason;
  }
  if (failure !== null) throw failure;
  return isPartial ? null : stored;
}

/** The former chunks with their checksums, if all are known here; without them there is nothing to compare with. */
function previousChunks(context: UploadContext, previous: PreviousContent): PreviousChunk[] {
  const rows = [...context.index.read.chunksOfRevision(previous.manifest.revision)];
  if (rows.length !== previous.chunks.length) return [];
  return rows.map((row, index) => ({ index, weak: row.weak, plainLength: row.plainLength, strong: row.hash }));
}
