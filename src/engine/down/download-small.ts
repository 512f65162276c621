import { HoldfastError, must } from '../../common/errors.ts';
import { err, ok, type Result } from '../../common/result.ts';
import type { ChunkRow } from '../../db/index-port.ts';
import type { FileSystem, NewContent, StagedFile } from '../../local/file-system.ts';
import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import type { OpenedChunk } from '../transfer/content-crypto.ts';
import { chunkRow } from '../transfer/known-chunk.ts';
import type { BatchSource, ObjectSource } from '../transfer/object-source.ts';
import type { DownloadContext, Downloaded } from './download-content.ts';

export interface SmallContext extends DownloadContext {
  readonly fs: Pick<FileSystem, 'createStaged' | 'stageAll'>;
  readonly source: ObjectSource & BatchSource;
}

/** Bytes. Larger ones are worth a way of their own. */
export const largestSmall = 128 * 1024;

/** Whether `downloadSmall` is for it: it is in one small piece, or empty. */
export const isSmall = ({ content, size }: Manifest): boolean =>
  content.kind === 'chunks' && content.chunks.length <= 1 && size <= largestSmall;

const chunkOf = ({ content }: Manifest): ChunkRef | null =>
  (content.kind === 'chunks' ? content.chunks[0] : undefined) ?? null;

/** Bytes in memory for a file while it is on its way, sealed and plain. */
const weightOf = (context: Pick<SmallContext, 'crypto'>, manifest: Manifest): number =>
  manifest.size === 0 ? 0 : manifest.size + context.crypto.sealedLength(manifest.size);

/**
 * Brings small revisions into the stage together, as `downloadContent` does with one; what became of each, in their order.
 * Rejects for what concerns all of them.
 */
export async function downloadSmall(
  context: SmallContext,
  manifests: readonly Manifest[],
): Promise<readonly Result<Downloaded, unknown>[]> {
  const plain = manifests.reduce((sum, { size }) => sum + size, 0);
  const weight = manifests.reduce((sum, each) => sum + weightOf(context, each), 0);
  const release = await context.memory.acquire(weight);
  const passage = context.onReceiving(plain, weight - plain);
  let arrived = 0;
  try {
    const opened = await openAll(context, manifests, passage.moved);
    const outcomes = await stageAll(context, manifests, opened.outcomes);
    opened.free();
    arrived = outcomes.reduce((sum, outcome, at) => sum + (outcome.ok ? must(manifests[at]).size : 0), 0);
    return outcomes;
  } finally {
    passage.end(arrived);
    release();
  }
}

type Opened = Result<OpenedChunk | null, unknown>;

/** Null of an empty file. */
async function openAll(
  context: SmallContext,
  manifests: readonly Manifest[],
  onMoved: (bytes: number) => void,
): Promise<{ readonly outcomes: readonly Opened[]; free(): void }> {
  const refs = manifests.flatMap((manifest) => chunkOf(manifest) ?? []);
  const ids = refs.map(({ objectId }) => objectId);
  const held = new Map(ids.length === 0 ? [] : await context.source.fetchAll(ids, onMoved));
  const fetched = refs.flatMap((ref) => {
    const sealed = held.get(ref.objectId);
    // Once opened it is gone; another file of the same piece asks for it again.
    held.delete(ref.objectId);
    return sealed === undefined ? [] : [{ ref, sealed }];
  });
  const { chunks, free } = await context.crypto.openChunks(fetched);
  const open = new Map(fetched.map(({ ref }, at) => [ref, chunks[at] ?? null]));
  const outcomes = manifests.map(async (manifest): Promise<Opened> => {
    const ref = chunkOf(manifest);
    const chunk = ref === null ? null : (open.get(ref) ?? null);
    return ref === null || chunk !== null ? ok(chunk) : openAgain(context, ref);
  });
  return { outcomes: await Promise.all(outcomes), free };
}

/** A bad copy on the way is possible, a loop is an oracle: once more, and no third time. */
async function openAgain({ crypto, source }: SmallContext, ref: ChunkRef): Promise<Opened> {
  try {
    const plain = await crypto.openChunk(ref, await source.fetch(ref.objectId, crypto.sealedLength(ref.plainLength)));
    return ok({ plain, hash: crypto.localHash(plain), sealedRef: crypto.sealRef(ref) });
  } catch (error) {
    return err(error);
  }
}

async function stageAll(
  context: SmallContext,
  manifests: readonly Manifest[],
  opened: readonly Opened[],
): Promise<readonly Result<Downloaded, unknown>[]> {
  const contents = manifests.flatMap(({ exec, mtimeUs }, at): NewContent[] => {
    const outcome = opened[at];
    return outcome?.ok ? [{ bytes: outcome.value?.plain ?? new Uint8Array(), exec, mtimeUs }] : [];
  });
  const staged = (await stageTogetherOrEach(context.fs, contents)).values();
  return manifests.map((manifest, at) => {
    const outcome = opened[at];
    if (outcome === undefined || !outcome.ok) return err(outcome?.error);
    const file: Result<StagedFile, unknown> = staged.next().value ?? err(null);
    if (!file.ok) return file;
    return ok({ staged: file.value, chunks: rowsOf(manifest, outcome.value) });
  });
}

/** Where there is no room for all of them there may be for some. */
async function stageTogetherOrEach(
  fs: SmallContext['fs'],
  contents: readonly NewContent[],
): Promise<readonly Result<StagedFile, unknown>[]> {
  try {
    return (await fs.stageAll(contents)).map(ok);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    if (contents.length === 1) return [err(error)];
  }
  const outcomes: Result<StagedFile, unknown>[] = [];
  for (const content of contents) outcomes.push(...(await stageTogetherOrEach(fs, [content])));
  return outcomes;
}

/** What the index keeps of it: its only piece, if it has one. */
function rowsOf(manifest: Manifest, chunk: OpenedChunk | null): readonly ChunkRow[] {
  const ref = chunkOf(manifest);
  return ref === null || chunk === null ? [] : [chunkRow(ref, chunk, 0)];
}
