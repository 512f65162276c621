import { must } from '../../common/errors.ts';
import { err, ok, type Result } from '../../common/result.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { packManifest } from '../../vault/manifest-pages.ts';
import type { StoredChunk } from '../transfer/chunk-store.ts';
import {
  isAsIndexed,
  isSameContent,
  previousContent,
  type UploadContext,
  type UploadOutcome,
  type WantedContent,
} from './upload-content.ts';

/** Whether `uploadSmall` is for it. One that may not come to rest needs to be looked at more closely. */
export const isSmall = (
  context: Pick<UploadContext, 'isHurried' | 'smallBytes'>,
  { id, size }: Pick<LocalRow, 'id' | 'size'>,
): boolean => size <= context.smallBytes && !context.isHurried(id);

/**
 * Reads small files once, stores what the vault lacks of them, and makes the manifests of their new revisions, as
 * `uploadContent` does with one; what became of each, in their order. Rejects for what concerns all of them.
 */
export async function uploadSmall(
  context: UploadContext,
  files: readonly WantedContent[],
): Promise<readonly Result<UploadOutcome, unknown>[]> {
  const release = await context.memory.acquire(files.reduce((sum, { row }) => sum + row.size, 0));
  try {
    if (context.isStopping()) return files.map(() => ok({ status: 'stale' }));
    const read = await context.fs.readFiles(files.map(({ path, row }) => ({ path, size: row.size })));
    const isStale = read.map((each, at) => each.ok && !isAsIndexed(must(files[at]).row, each.value.stat));
    const plains = read.flatMap((each, at) =>
      each.ok && !isStale[at] && each.value.bytes.length > 0 ? [each.value.bytes] : [],
    );
    const stored = (await context.store.storeAll(plains)).values();
    const outcomes: Result<UploadOutcome, unknown>[] = [];
    for (const [at, file] of files.entries()) {
      const outcome = must(read[at]);
      if (!outcome.ok) outcomes.push(outcome);
      else if (isStale[at]) outcomes.push(ok({ status: 'stale' }));
      else outcomes.push(await revised(context, file, file.row.size === 0 ? null : must(stored.next().value)));
    }
    return outcomes;
  } finally {
    release();
  }
}

/** `chunk`: null of an empty file. */
async function revised(
  context: UploadContext,
  file: WantedContent,
  chunk: Result<StoredChunk, unknown> | null,
): Promise<Result<UploadOutcome, unknown>> {
  if (chunk !== null && !chunk.ok) return chunk;
  const { row, revision } = file;
  const chunks = chunk === null ? [] : [chunk.value.ref];
  try {
    const previous = await previousContent(context, file);
    if (isSameContent(row, previous, chunks)) return ok({ status: 'same', revision: previous.manifest.revision });
    const { id, mtimeUs, exec } = row;
    const { manifest } = packManifest({ node: id, revision, mtimeUs, exec, chunks }, context.random);
    return ok({ status: 'uploaded', manifest, refs: chunks, hashes: [] });
  } catch (error) {
    return err(error);
  }
}
