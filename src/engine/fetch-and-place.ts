import type { ChunkRef } from '../model/manifest.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { downloadContent } from './download-content.ts';
import { localChunks } from './local-chunks.ts';
import { localPath } from './local-path.ts';
import { noteFailure, outcomeOf, type RoundReport } from './op-outcome.ts';
import { type DownContentOperation, placeDownloaded, type StagedContent } from './place-downloaded.ts';

/** Files that get their names after one sync of the disk. */
const placeGroup = 1024;
const maxPrepared = 192;

/** Fetches contents beside each other; they get their names in groups. */
export async function fetchAndPlace(
  context: DownContext,
  contents: readonly DownContentOperation[],
  report: RoundReport,
  run: DownRun,
): Promise<void> {
  let ready: StagedContent[] = [];
  let next = 0;
  let running = 0;
  let failure: unknown = null;
  let wake: () => void = () => undefined;
  const isDone = (): boolean => report.stopped !== null || failure !== null;

  const start = (op: DownContentOperation): void => {
    running++;
    void fetchOne(context, op, report)
      .then((staged) => {
        if (staged !== null) ready.push(staged);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        running--;
        wake();
      });
  };

  while ((next < contents.length || running > 0 || ready.length > 0) && !isDone()) {
    if (context.isStopping()) next = contents.length;
    while (next < contents.length && running < maxPrepared && !isDone()) {
      const op = contents[next++];
      if (op !== undefined) start(op);
    }
    const isLast = running === 0;
    if (ready.length >= placeGroup || (ready.length > 0 && isLast)) {
      const group = ready.splice(0, placeGroup);
      await placeDownloaded(context, group, report, run);
    } else if (running > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  while (running > 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  for (const { file } of ready) await file.leave();
  ready = [];
  if (failure !== null) throw failure;
}

async function fetchOne(
  context: DownContext,
  op: DownContentOperation,
  report: RoundReport,
): Promise<StagedContent | null> {
  const { index, download } = context;
  const release = await context.files.acquire(1);
  try {
    const remote = index.read.remote(op.node);
    const sealed = index.read.currentManifest(op.node);
    if (report.stopped !== null || remote === null || remote.revision !== op.revision || sealed === null) return null;
    if (op.type === 'down-conflict' && (await isOnlyTouched(context, op))) return null;
    const manifest = download.crypto.openManifest(op.revision, sealed);
    const sources = { fs: context.fs, crypto: download.crypto, read: index.read };
    const findLocal = (wanted: readonly ChunkRef[]) => localChunks(sources, op.node, wanted);
    const { staged, chunks } = await downloadContent(download, manifest, findLocal);
    return { op, remote, file: staged, chunks };
  } catch (error) {
    noteFailure(report, op.node, outcomeOf(error, null));
    return null;
  } finally {
    release();
  }
}

/** No conflict if only the times of the local file changed: then it takes its synced revision back, and the plan is made anew. */
async function isOnlyTouched(context: DownContext, op: DownContentOperation): Promise<boolean> {
  const { index } = context;
  const row = index.read.localRow(op.node);
  const synced = index.read.synced(op.node);
  const path = row === null ? null : localPath(index.read, op.node);
  if (row === null || path === null || synced === null || synced.revision === null) return false;
  if (row.revision === synced.revision || !(await context.isUntouched(row, path))) return false;
  const now = index.read.localRow(op.node);
  if (now === null || now.revision !== row.revision) return false;
  index.transaction((write) => write.putLocal({ ...now, revision: synced.revision, differsFrom: null }));
  return true;
}
