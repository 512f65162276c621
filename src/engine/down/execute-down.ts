import { HoldfastError } from '../../common/errors.ts';
import { type NodeId, rootNode } from '../../common/ids.ts';
import type { DownOperation } from '../../plan/plan.ts';
import { noteFailure, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { byFolder, shortFirst } from '../transfer/order-contents.ts';
import { changeStructure } from './change-structure.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { fetchAndPlace } from './fetch-and-place.ts';
import { isShort } from './fetch-small.ts';
import type { DownContentOperation } from './place-downloaded.ts';

/**
 * Changes the local folder as planned. Structure goes first and in order; contents are fetched beside each other, and get
 * their names in groups after one sync of the disk; deletes that free no name come last. Every step checks that the disk
 * is as the plan saw it, and what it replaces is in the trash.
 */
export async function executeDown(
  context: DownContext,
  operations: readonly DownOperation[],
  report: RoundReport,
): Promise<void> {
  const { rows, fs } = context;
  const run: DownRun = {
    touchedFolders: new Set(),
    parked: new Set(),
    mayHoldMore: false,
    going: new Set(operations.flatMap((op) => (op.type === 'down-delete' ? [op.node] : []))),
    rulesOf: new Map(),
  };
  const isContent = (op: DownOperation): op is DownContentOperation =>
    op.type === 'down-create-file' || op.type === 'down-revise' || op.type === 'down-conflict';
  const lastOther = operations.findLastIndex((op) => op.type !== 'down-delete');
  const head = operations.slice(0, lastOther + 1);
  const deletes = operations.slice(lastOther + 1);
  const sizeOf = (node: NodeId): number => rows.remote(node)?.size ?? 0;
  const contents = shortFirst(
    byFolder(head.filter(isContent), (op) =>
      op.type === 'down-create-file' ? op.parent : (rows.remote(op.node)?.parent ?? rootNode),
    ),
    (op) => isShort(context, op),
    ({ node }) => sizeOf(node),
  );

  const bytesOf = (nodes: readonly NodeId[]): number => nodes.reduce((sum, node) => sum + sizeOf(node), 0);
  context.meter.begin(contents.length, bytesOf(contents.map(({ node }) => node)));
  for (const op of head) {
    if (!isContent(op)) await changeStructure(context, op, report, run);
    if (report.stopped !== null) break;
  }
  await fetchAndPlace(context, contents, report, run);
  for (const op of deletes) {
    if (report.stopped !== null || context.isStopping()) break;
    if (!isContent(op)) await changeStructure(context, op, report, run);
  }
  if (run.parked.size > 0 || run.mayHoldMore) {
    // Or the same would be tried without an end: nothing came of it.
    report.done -= run.parked.size;
    await bringBack(context, report);
  }
  if (report.stopped?.reason !== 'root-gone' && run.touchedFolders.size > 0) {
    try {
      await fs.syncFolders([...run.touchedFolders]);
    } catch (error) {
      noteFailure(report, rootNode, outcomeOf(error, null));
    }
  }
  context.meter.end(bytesOf(contents.flatMap(({ node }) => (report.left.has(node) ? [node] : []))));
}

/** Whoever was to leave its place and could not reach the other one goes back; the next plan sees it there. */
async function bringBack({ fs, long }: DownContext, report: RoundReport): Promise<void> {
  report.isAllStale = true;
  if (report.stopped?.reason === 'root-gone') return;
  // They use the stage.
  await long.end();
  try {
    await fs.recoverStage();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    // What is in the stage would be seen as deleted: nothing is observed before it is back.
    report.stopped ??= error;
  }
}
