import { must, unreachable } from '../../common/errors.ts';
import { type NodeId, newId, rootNode } from '../../common/ids.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import { remembered } from '../../common/remembered.ts';
import { err, ok, type Result } from '../../common/result.ts';
import type { ChunkRow, Index, IndexWriter } from '../../db/index-port.ts';
import type { StagedFile } from '../../local/file-system.ts';
import type { RemoteNode } from '../../model/node.ts';
import type { Stat } from '../../model/stat.ts';
import { conflictOriginal } from '../../plan/conflict-name.ts';
import type { DownOperation } from '../../plan/plan.ts';
import { localPath } from '../local-path.ts';
import { withTakenName } from '../observe/never-synced.ts';
import { noteConflict, noteFailure, noteStale, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { rememberChunks } from '../transfer/known-chunk.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { agreed, localRow, placeOf, staleNow } from './down-rows.ts';

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

type NewOperation = Extract<DownContentOperation, { type: 'down-create-file' }>;
type OtherOperation = Exclude<DownContentOperation, NewOperation>;

interface Target<Op extends DownContentOperation = DownContentOperation> {
  readonly op: Op;
  readonly staged: StagedContent;
  readonly path: RelativePath;
}

type Settle = (write: IndexWriter) => void;

interface PlacedTarget extends Target {
  readonly settle: Settle;
}

interface TriedTarget {
  readonly target: Target;
  readonly outcome: Result<Settle, unknown>;
}

/** Gives files that were downloaded their names, group after group. */
export interface Placer {
  /** All of the group are synced first, then placed one by one. Rejects for what is no failure of a file. */
  place(group: readonly StagedContent[]): Promise<void>;
  /** Settles what was placed last. */
  end(): Promise<void>;
}

/**
 * Names are on the medium before the index takes both sides for agreed. The contents of the next group have to be there
 * before they get their names: one sync does both, so a group is settled when the next one is synced.
 */
export function placer(context: DownContext, report: RoundReport, run: DownRun): Placer {
  const { index, fs } = context;
  let unsettled: PlacedTarget[] = [];

  const sync = async (files: readonly StagedFile[]): Promise<void> => {
    const folders = [...run.touchedFolders];
    const placed = unsettled;
    run.touchedFolders.clear();
    unsettled = [];
    try {
      await fs.syncStaged(files, folders);
    } catch (error) {
      for (const folder of folders) run.touchedFolders.add(folder);
      // Their names may be on the medium or not, and another sync would not tell: they are looked at again.
      for (const { op, path } of placed) noteStale(report, op.node, parentPath(path));
      throw error;
    }
    index.transaction((write) => {
      for (const { op, staged, settle } of placed) {
        settle(write);
        rememberChunks(write, op.revision, staged.chunks);
      }
    });
    report.done += placed.length;
  };

  const fail = async ({ op, file }: StagedContent, error: unknown, folder: RelativePath | null): Promise<void> => {
    await file.leave();
    noteFailure(report, op.node, outcomeOf(error, folder));
  };

  const place = async (group: readonly StagedContent[]): Promise<void> => {
    try {
      await sync(group.map(({ file }) => file));
    } catch (error) {
      for (const staged of group) await fail(staged, error, null);
      return;
    }
    const created: Target<NewOperation>[] = [];
    const others: Target<OtherOperation>[] = [];
    const folderPath = remembered((folder: NodeId) => localPath(index.read, folder));
    for (const staged of group) {
      const { op } = staged;
      const path = targetOf(index, op, folderPath);
      if (path === null) await fail(staged, staleNow(), null);
      else if (op.type === 'down-create-file') created.push({ op, staged, path });
      else others.push({ op, staged, path });
    }
    for (const { target, outcome } of [
      ...(await placeCreated(context, created)),
      ...(await placeOthers(context, others, report)),
    ]) {
      const { op, staged, path } = target;
      if (outcome.ok) {
        unsettled.push({ ...target, settle: outcome.value });
        run.touchedFolders.add(parentPath(path));
        context.meter.fileDone();
      } else await fail(staged, await withTakenName(context, placeOf(index, op), outcome.error), parentPath(path));
    }
  };

  const end = async (): Promise<void> => {
    try {
      await sync([]);
    } catch (error) {
      noteFailure(report, rootNode, outcomeOf(error, null));
    }
  };
  return { place, end };
}

function targetOf(
  index: Index,
  op: DownContentOperation,
  folderPath: (folder: NodeId) => RelativePath | null,
): RelativePath | null {
  if (op.type !== 'down-create-file') return localPath(index.read, op.node);
  const parent = folderPath(op.parent);
  return parent === null ? null : joinName(parent, op.localName);
}

/** Neighbours one after the other: they share what their folder costs. */
async function placeCreated(
  context: DownContext,
  targets: readonly Target<NewOperation>[],
): Promise<readonly TriedTarget[]> {
  const ordered = targets.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const stats = await context.fs.placeAll(
    ordered.map(({ op, staged, path }) => {
      // Who made a file private here did not mean other devices' versions of it to be read by all.
      const original = conflictOriginal(op.localName);
      const like = original === null ? {} : { like: joinName(parentPath(path), original) };
      return { file: staged.file, path, ...like };
    }),
  );
  return ordered.map((target, at) => {
    const placed = must(stats[at]);
    return { target, outcome: placed.ok ? ok(agreement(context, target, placed.value)) : placed };
  });
}

/** What the index notes of a file that was not here before. */
function agreement(context: DownContext, { op, staged: { remote } }: Target<NewOperation>, stat: Stat): Settle {
  const local = localRow(op.node, op.parent, op.localName, stat, remote, context.ctimeOf(stat));
  return (write) => write.putAgreed(local, agreed(op, remote));
}

async function placeOthers(
  context: DownContext,
  targets: readonly Target<OtherOperation>[],
  report: RoundReport,
): Promise<readonly TriedTarget[]> {
  const tried: TriedTarget[] = [];
  for (const target of targets) {
    try {
      tried.push({ target, outcome: ok(await placeOver(context, target, report)) });
    } catch (error) {
      tried.push({ target, outcome: err(error) });
    }
  }
  return tried;
}

async function placeOver(
  context: DownContext,
  { op, staged: { remote, file }, path }: Target<OtherOperation>,
  report: RoundReport,
): Promise<Settle> {
  const { index, fs, batch } = context;
  switch (op.type) {
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
      const copyPath = joinName(parentPath(path), op.copyName);
      const stat = await fs.move(path, copyPath, row);
      index.transaction((write) =>
        write.putLocal({ ...row, id: copy, name: op.copyName, ctimeUs: context.ctimeOf(stat), differsFrom: null }),
      );
      noteConflict(report, parentPath(path));
      // Who made it private here made both of them that.
      const placed = await fs.placeStaged(file, path, null, batch, copyPath);
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
