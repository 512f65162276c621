import { must, unreachable } from '../common/errors.ts';
import { type NodeId, newId, rootNode } from '../common/ids.ts';
import { joinName, parentPath, type RelativePath, rootPath } from '../common/relative-path.ts';
import type { ChunkRow, Index, IndexWriter } from '../db/index-port.ts';
import type { StagedFile } from '../local/file-system.ts';
import type { RemoteNode } from '../model/node.ts';
import type { DownOperation } from '../plan/plan.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { agreed, localRow, placeOf, staleNow } from './down-rows.ts';
import { rememberChunks } from './known-chunk.ts';
import { localPath } from './local-path.ts';
import { withTakenName } from './never-synced.ts';
import { noteFailure, noteStale, outcomeOf, type RoundReport } from './op-outcome.ts';

/** An operation that needs a content from the vault. */
export type DownContentOperation = Extract<
  DownOperation,
  { type: 'down-create-file' | 'down-revise' | 'down-conflict' }
>;

/** A downloaded file that waits for its name. */
export interface StagedContent {
  readonly op: DownContentOperation;
  readonly remote: RemoteNode;
  readonly file: StagedFile;
  readonly chunks: readonly ChunkRow[];
}

/** Gives files that were downloaded their names: all are synced first, then placed one by one, then settled together. */
export async function placeDownloaded(
  context: DownContext,
  group: readonly StagedContent[],
  report: RoundReport,
  run: DownRun,
): Promise<void> {
  const { index, fs } = context;
  const leave = async (): Promise<void> => {
    for (const { file } of group) await file.leave();
  };
  try {
    await fs.syncStaged(group.map(({ file }) => file));
  } catch (error) {
    await leave();
    for (const { op } of group) noteFailure(report, op.node, outcomeOf(error, null));
    return;
  }
  const placed: ((write: IndexWriter) => void)[] = [];
  const folders = new Set<RelativePath>();
  for (const staged of group) {
    let path: RelativePath | null = null;
    try {
      path = targetOf(index, staged.op);
      if (path === null) {
        noteStale(report, staged.op.node, null);
        continue;
      }
      placed.push(await placeOne(context, staged, path, report), (write) =>
        rememberChunks(write, staged.op.revision, staged.chunks),
      );
      folders.add(parentPath(path));
      report.done++;
      context.meter.fileDone();
    } catch (error) {
      const reason = await withTakenName(context, placeOf(index, staged.op), error);
      noteFailure(report, staged.op.node, outcomeOf(reason, path === null ? null : parentPath(path)));
    } finally {
      await staged.file.leave();
    }
  }
  // Names are on the medium before the index takes both sides for agreed.
  await fs.syncFolders([...folders]);
  for (const folder of folders) run.touchedFolders.delete(folder);
  index.transaction((write) => {
    for (const change of placed) change(write);
  });
}

function targetOf(index: Index, op: DownContentOperation): RelativePath | null {
  if (op.type !== 'down-create-file') return localPath(index.read, op.node);
  const parent = op.parent === rootNode ? rootPath : localPath(index.read, op.parent);
  return parent === null ? null : joinName(parent, op.localName);
}

async function placeOne(
  context: DownContext,
  { op, remote, file }: StagedContent,
  path: RelativePath,
  report: RoundReport,
): Promise<(write: IndexWriter) => void> {
  const { index, fs, batch } = context;
  switch (op.type) {
    case 'down-create-file': {
      const { stat } = await fs.placeStaged(file, path, null, batch);
      return (write) => {
        write.putLocal(localRow(op.node, op.parent, op.localName, stat, remote, context.ctimeOf(stat)));
        write.putSynced(agreed(remote, op.localName));
      };
    }
    case 'down-revise': {
      const row = must(index.read.localRow(op.node));
      if (row.revision !== index.read.synced(op.node)?.revision) throw staleNow();
      const { stat } = await fs.placeStaged(file, path, row, batch);
      return (write) => {
        const now = index.read.localRow(op.node) ?? row;
        write.putLocal(localRow(op.node, now.parent, now.name, stat, remote, context.ctimeOf(stat)));
        const synced = index.read.synced(op.node);
        if (synced !== null) write.putSynced({ ...synced, revision: remote.revision });
      };
    }
    case 'down-conflict': {
      // First the local content becomes a node of its own, in the index; whatever crashes from here on finds it there.
      const row = must(index.read.localRow(op.node));
      const copy = newId<NodeId>(context.random);
      const base = index.read.synced(op.node);
      index.transaction((write) => {
        write.removeLocal(op.node);
        write.removeSynced(op.node);
        write.putLocal({ ...row, id: copy, differsFrom: op.revision });
      });
      const stat = await fs.move(path, joinName(parentPath(path), op.copyName), row);
      index.transaction((write) =>
        write.putLocal({ ...row, id: copy, name: op.copyName, ctimeUs: context.ctimeOf(stat), differsFrom: null }),
      );
      report.conflicts++;
      const placed = await fs.placeStaged(file, path, null, batch);
      return (write) => {
        write.putLocal(localRow(op.node, row.parent, row.name, placed.stat, remote, context.ctimeOf(placed.stat)));
        // The place keeps its base: a move on either side is still to be seen.
        if (base !== null) write.putSynced({ ...base, revision: remote.revision });
      };
    }
    default:
      return unreachable(op);
  }
}
