import { must, unreachable } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import { ownFolder } from '../../common/name.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { Stat } from '../../model/stat.ts';
import type { DownOperation } from '../../plan/plan.ts';
import { moveHusks } from '../husks.ts';
import { localPath } from '../local-path.ts';
import { withTakenName } from '../observe/never-synced.ts';
import { noteConflict, noteFailure, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { noteWork } from '../work-done.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { agreed, folderPathOf, localRow, placeOf, staleNow } from './down-rows.ts';
import type { DownContentOperation } from './place-downloaded.ts';
import { removeLocal } from './remove-local.ts';

/** Makes, moves or removes one folder or file on disk; the report says how it ended. */
export async function changeStructure(
  context: DownContext,
  op: Exclude<DownOperation, DownContentOperation>,
  report: RoundReport,
  run: DownRun,
): Promise<void> {
  const { index } = context;
  const read = index.read;
  const path = localPath(read, op.node);
  const folder = path === null ? null : parentPath(path);
  let done = 1;
  try {
    switch (op.type) {
      case 'down-create-folder':
        await createFolder(context, op, run);
        break;
      case 'down-place':
        await place(context, op, path, run);
        break;
      case 'down-park': {
        if (path === null) throw staleNow();
        const row = must(read.localRow(op.node));
        try {
          await context.fs.park(path, row, op.node);
        } catch (error) {
          run.mayHoldMore = true;
          throw error;
        }
        run.parked.add(op.node);
        context.ignore.moved(path, parkedAt(op.node));
        break;
      }
      case 'down-set-aside': {
        if (path === null || folder === null) throw staleNow();
        const row = must(read.localRow(op.node));
        const aside = joinName(folder, op.localName);
        const stat = await context.fs.move(path, aside, row);
        context.ignore.moved(path, aside);
        run.touchedFolders.add(folder);
        index.transaction((write) => write.putLocal({ ...row, name: op.localName, ctimeUs: context.ctimeOf(stat) }));
        noteConflict(report, folder);
        break;
      }
      case 'down-delete':
        done = await removeLocal(context, op.node, path, run);
        break;
      default:
        unreachable(op);
    }
    report.done += done;
    for (let left = done; left > 0; left--) noteWork(report.work, op);
  } catch (error) {
    noteFailure(report, op.node, outcomeOf(await withTakenName(context, placeOf(index, op), error), folder));
  }
}

async function createFolder(
  context: DownContext,
  op: Extract<DownOperation, { type: 'down-create-folder' }>,
  run: DownRun,
): Promise<void> {
  const { index, fs } = context;
  const parent = folderPathOf(index, op.parent);
  const remote = index.read.remote(op.node);
  if (remote === null) throw staleNow();
  const path = joinName(parent, op.localName);
  const husk = index.read.huskNamed(op.parent, op.localName);
  const stat =
    (husk === null ? null : await takeUp(context, joinName(parent, husk), path)) ?? (await fs.makeFolder(path));
  run.touchedFolders.add(parent);
  index.transaction((write) => {
    write.putAgreed(localRow(op.node, op.parent, op.localName, stat, remote), agreed(op, remote));
    if (husk !== null) moveHusks(index.read, write, op.parent, husk, op.node);
  });
}

/** A folder that was left behind when it was deleted, as `path` from now on. Null if it is gone. */
async function takeUp({ fs }: DownContext, husk: RelativePath, path: RelativePath): Promise<Stat | null> {
  const stat = await fs.stat(husk);
  if (stat?.kind !== 'folder') return null;
  return husk === path ? stat : fs.move(husk, path, stat);
}

/** Where the rules of what is in the stage are kept meanwhile: no path of the folder. */
const parkedAt = (node: NodeId): RelativePath => `${ownFolder}/${node}` as RelativePath;

async function place(
  context: DownContext,
  op: Extract<DownOperation, { type: 'down-place' }>,
  path: RelativePath | null,
  run: DownRun,
): Promise<void> {
  const { index, fs } = context;
  const read = index.read;
  const row = read.localRow(op.node);
  const remote = read.remote(op.node);
  if (row === null || remote === null) throw staleNow();
  const to = joinName(folderPathOf(index, op.parent), op.localName);
  let stat: Stat;
  if (run.parked.has(op.node)) {
    stat = await fs.unpark(op.node, to);
    run.parked.delete(op.node);
    context.ignore.moved(parkedAt(op.node), to);
  } else {
    if (path === null) throw staleNow();
    stat = await fs.move(path, to, row);
    context.ignore.moved(path, to);
    run.touchedFolders.add(parentPath(path));
  }
  run.touchedFolders.add(parentPath(to));
  index.transaction((write) => {
    write.putLocal({ ...row, parent: op.parent, name: op.localName, ctimeUs: context.ctimeOf(stat) });
    const synced = read.synced(op.node);
    const revision = synced?.revision ?? (row.revision === remote.revision ? remote.revision : null);
    if (synced !== null || row.kind === 'folder' || revision !== null) {
      write.putSynced({ ...agreed(op, remote), revision });
    }
  });
}
