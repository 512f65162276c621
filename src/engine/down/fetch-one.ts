import type { NodeId } from '../../common/ids.ts';
import type { ChunkRef, Manifest } from '../../model/manifest.ts';
import type { RemoteNode } from '../../model/node.ts';
import { localPath } from '../local-path.ts';
import { noteFailure, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { isLight } from '../transfer/file-weight.ts';
import { isStopped } from '../transfer/interruption.ts';
import type { DownContext } from './down-context.ts';
import { type Downloaded, downloadContent } from './download-content.ts';
import { localChunks } from './local-chunks.ts';
import type { DownContentOperation, StagedContent } from './place-downloaded.ts';

/** The node whose content `op` wants, unless the vault has another one by now. */
export function wantedNode({ rows }: Pick<DownContext, 'rows'>, op: DownContentOperation): RemoteNode | null {
  const remote = rows.remote(op.node);
  return remote === null || remote.revision !== op.revision ? null : remote;
}

/** Fetches a content of any size; nothing if it is not wanted any more or takes longer than the round, and what failed is in the report. */
export async function fetchOne(
  context: DownContext,
  op: DownContentOperation,
  report: RoundReport,
): Promise<readonly StagedContent[]> {
  const { download, index } = context;
  try {
    const remote = wantedNode(context, op);
    const sealed = index.read.manifest(op.revision);
    if (report.stopped !== null || remote === null || sealed === null) return [];
    const key = keyOf(context, op);
    // Asked once for each content that it is in conflict with: that reads the file.
    if (op.type === 'down-conflict' && !context.long.has(op.node, key) && (await isOnlyTouched(context, op))) return [];
    const manifest = download.crypto.openManifest(op.revision, sealed);
    const begin = (isWanted: () => boolean): Promise<Downloaded> => fetchContent(context, op.node, manifest, isWanted);
    const downloaded = await context.long.join({ node: op.node, key, begin }, context.roundEnd.left);
    if (downloaded !== null) return [{ op, remote, file: downloaded.staged, chunks: downloaded.chunks }];
    report.left.add(op.node);
  } catch (error) {
    // Nothing is wrong with it, and nothing here is to be looked at for it.
    if (!isStopped(error)) noteFailure(report, op.node, outcomeOf(error, null));
  }
  return [];
}

const keyOf = ({ index }: DownContext, { node, revision, type }: DownContentOperation): string =>
  type === 'down-conflict' ? `${revision} ${index.read.localRow(node)?.revision}` : revision;

async function fetchContent(
  context: DownContext,
  node: NodeId,
  manifest: Manifest,
  isWanted: () => boolean,
): Promise<Downloaded> {
  const { download, fs, index } = context;
  const release = isLight(manifest.size) ? () => undefined : await context.files.acquire(1, manifest.size);
  try {
    const sources = { fs, crypto: download.crypto, read: index.read };
    const isStopping = (): boolean => download.isStopping() || !isWanted();
    return await downloadContent({ ...download, isStopping }, manifest, (wanted: readonly ChunkRef[]) =>
      localChunks(sources, node, wanted),
    );
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
  if (row.revision === synced.revision || !(await context.isContentOf(synced.revision, path))) return false;
  const now = index.read.localRow(op.node);
  if (now === null || now.revision !== row.revision) return false;
  index.transaction((write) => write.putLocal({ ...now, revision: synced.revision, differsFrom: null }));
  return true;
}
