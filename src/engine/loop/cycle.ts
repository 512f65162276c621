import { HoldfastError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import { allOf, bothDirty, type DirtyFolders } from '../../model/dirty-folders.ts';
import type { CycleContext } from '../cycle-context.ts';
import { removeBareHusks } from '../down/remove-bare-husks.ts';
import type { Look } from '../observe/restless.ts';
import { putAway } from '../selection/put-away.ts';
import { addWork } from '../work-done.ts';
import { blockFailed, endUnblocked, neverStill } from './block-failed.ts';
import { carryOut } from './carry-out.ts';
import { type ContentsUnderWay, contentsUnderWay } from './contents-under-way.ts';
import { endAllowed, noteHeld } from './held-deletes.ts';
import { mergeScopes, observe, type Pending } from './observe.ts';
import { isEmpty, planRound } from './plan-round.ts';
import { type RoundEnd, roundEnd } from './round-end.ts';

export interface CycleResult {
  /** Nothing diverges but what is held, blocked or ignored. */
  readonly isSettled: boolean;
  readonly operations: number;
  readonly conflicts: number;
  /** Where to look again in a moment: something changed too recently to tell, or kept changing. */
  readonly unsettled: DirtyFolders;
  /** Changes that are not quiet yet: where, and when to look again, in milliseconds. */
  readonly restless: ReturnType<Look['wait']>;
}

/** Rounds that bring nothing but stale results before what is stale is blocked. */
const maxIdleRounds = 5;
const maxRounds = 200;
/** After so long it shows whether what changed too recently has changed again. */
const unsettledMs = 500;

/** Observes, plans and carries out, round after round, until nothing diverges that can be mended now. */
export async function runCycle(context: CycleContext, pending: Pending): Promise<CycleResult> {
  const contents = contentsUnderWay();
  try {
    return await runRounds(context, pending, contents);
  } finally {
    await contents.end();
    for (const meter of [context.up, context.down]) meter.end();
  }
}

async function runRounds(context: CycleContext, pending: Pending, contents: ContentsUnderWay): Promise<CycleResult> {
  const { index, clock } = context.local;
  const blocking = { index, clock, random: context.local.random, issues: context.issues };
  let operations = 0;
  let conflicts = 0;
  let idleRounds = 0;
  let unsettled = await prepareDisk(context, pending);
  let lookedFrom = clock.monotonic();
  for (let round = 0; round < maxRounds && !context.isStopping(); ) {
    const look = context.restless.look(index.read);
    const planned = planRound(context, look);
    const { plan } = planned;
    noteHeld(context.issues, index.read, plan.held, { isFresh: look.wait() !== null });
    const restless = look.wait();
    const startEnd = (): RoundEnd => {
      const { news, leaveAfterMs } = context;
      const plannedInMs = clock.monotonic() - lookedFrom;
      return roundEnd({ clock, news, leaveAfterMs, plannedInMs, again: timeToLook(unsettled, restless) });
    };
    if (isEmpty(plan)) {
      contents.keepOnly(plan);
      if (await isLeftBefore(contents.ending(), startEnd)) {
        lookedFrom = clock.monotonic();
        pending.local = mergeScopes(pending.local, bothDirty(unsettled, restless?.folders ?? new Map()));
        unsettled = await prepareDisk(context, pending);
        continue;
      }
      endUnblocked({ index, issues: context.issues }, (node) => planned.isWaiting(node) || look.isRestless(node));
      endAllowed(index);
      if (restless === null) context.leftOut.settled();
      return { isSettled: true, operations, conflicts, unsettled, restless };
    }
    if (planned.isWhole) contents.keepOnly(plan);
    context.restless.taken(plan, planned);
    const noteDeletes = context.recentDeletes.begin(plan, index.read);
    const end = startEnd();
    const report = await carryOut(context, planned, contents, end).finally(end.close);
    lookedFrom = clock.monotonic();
    noteDeletes();
    operations += report.done;
    conflicts += report.conflicts;
    if (report.conflicts > 0) context.onConflict(report.conflictFolder);
    addWork(context.work, report.work);
    blockFailed(blocking, report.blocked);
    // What they leave out, or do no more, is all over the folder.
    if (planned.changesRules) pending.local = 'all';
    if (report.stopped !== null) {
      pending.isRemoteDirty = true;
      throw report.stopped;
    }
    if (report.isAllStale) pending.local = 'all';
    else pending.local = mergeScopes(pending.local, allOf(report.staleFolders));
    if (context.isStopping()) break;
    if (report.left.size > 0) {
      pending.local = mergeScopes(pending.local, bothDirty(unsettled, restless?.folders ?? new Map()));
      unsettled = new Map();
    } else round++;
    if (report.done + report.left.size > 0) idleRounds = 0;
    else if (++idleRounds >= maxIdleRounds) {
      // Tried again with back-off, and said: nothing waits without an end and without a word.
      const stale = [...report.staleNodes].map((node): [NodeId, HoldfastError] => [node, changedEachTime()]);
      blockFailed(blocking, new Map([...stale, ...report.unsent]));
      unsettled = bothDirty(unsettled, allOf(report.staleFolders));
      return { isSettled: false, operations, conflicts, unsettled, restless: look.wait() };
    } else await clock.sleep(25 * 2 ** idleRounds, context.signal);
    unsettled = bothDirty(unsettled, await prepareDisk(context, pending));
  }
  // Nothing else would tell that there is more to do.
  pending.isRemoteDirty = true;
  return { isSettled: false, operations, conflicts, unsettled, restless: null };
}

/** Whether there is something to look at before what was given up has left the line, which takes minutes on a thin one. */
async function isLeftBefore(ending: Promise<unknown> | null, startEnd: () => RoundEnd): Promise<boolean> {
  if (ending === null) return false;
  const end = startEnd();
  return Promise.race([ending.then(() => false), end.left.then(() => true)]).finally(end.close);
}

/** In how many milliseconds the disk is to be looked at again; null: only when something changes there. */
function timeToLook(unsettled: DirtyFolders, restless: ReturnType<Look['wait']>): number | null {
  if (unsettled.size === 0) return restless?.time ?? null;
  return Math.min(unsettledMs, restless?.time ?? unsettledMs);
}

/** Observes, and takes off the disk what is there no more as far as the vault or this device's person is concerned. */
async function prepareDisk(context: CycleContext, pending: Pending): Promise<DirtyFolders> {
  const { unsettled, bareHusks } = await observe(context, pending);
  await removeBareHusks(context.local, bareHusks);
  await putAway(context);
  return unsettled;
}

const changedEachTime = (): HoldfastError =>
  new HoldfastError(
    'conflict',
    'It changed each time that it was about to be synced. Holdfast tries again in a while.',
    {
      reason: neverStill,
    },
  );
