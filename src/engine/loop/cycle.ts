import { HoldfastError, isKind } from '../../common/errors.ts';
import { type NodeId, rootNode } from '../../common/ids.ts';
import { parentPath, type RelativePath } from '../../common/relative-path.ts';
import { allOf, bothDirty, type DirtyFolders } from '../../model/dirty-folders.ts';
import type { CycleContext } from '../cycle-context.ts';
import { executeDown } from '../down/execute-down.ts';
import { removeBareHusks } from '../down/remove-bare-husks.ts';
import type { BareHusk } from '../husks.ts';
import { localNodeAt } from '../local-path.ts';
import { foldersOfReturned, settleReturned } from '../log/returned-nodes.ts';
import { observeLocal } from '../observe/observe-local.ts';
import { keptCtime } from '../observe/racy-from.ts';
import type { Look } from '../observe/restless.ts';
import type { ScanReport } from '../observe/scan-report.ts';
import { isDismissed, noteUnsynced } from '../observe/unsynced-issues.ts';
import { newReport, type RoundReport } from '../op-outcome.ts';
import { putAway } from '../selection/put-away.ts';
import { compareContent } from '../settle/compare-content.ts';
import { executeSettle } from '../settle/execute-settle.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import { executeUp } from '../up/execute-up.ts';
import { addWork } from '../work-done.ts';
import { blockFailed, endUnblocked, neverStill } from './block-failed.ts';
import { endAllowed, noteHeld } from './held-deletes.ts';
import { isEmpty, planRound, type Round } from './plan-round.ts';

/** What is to be looked at; the loop adds, a cycle takes. */
export interface Pending {
  local: 'all' | DirtyFolders;
  isRemoteDirty: boolean;
}

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

interface Observed {
  /** Where to look again soon. */
  readonly unsettled: DirtyFolders;
  readonly bareHusks: readonly BareHusk[];
}

/**
 * Brings the index up to date with both sides. Without a server, or before an update of this program that it or the vault
 * asks for, what waits is known at least: it rejects after that.
 */
export async function observe(context: CycleContext, pending: Pending): Promise<Observed> {
  if (pending.isRemoteDirty) {
    pending.isRemoteDirty = false;
    try {
      await context.pull();
    } catch (error) {
      pending.isRemoteDirty = true;
      const isWaiting = isKind(error, 'offline') || isKind(error, 'version');
      if (isWaiting && context.log.position.seq > 0) await lookAhead(context, pending);
      throw error;
    }
  }
  const observed = await observeHere(context, pending);
  context.onObserved();
  return observed;
}

/** What there is to be done about what it finds is found again by who comes to do it. */
async function lookAhead(context: CycleContext, pending: Pending): Promise<void> {
  const { unsettled, bareHusks } = await observeHere(context, pending);
  const again = allOf(bareHusks.map(({ path }) => parentPath(path)));
  pending.local = mergeScopes(pending.local, bothDirty(unsettled, again));
}

async function observeHere(context: CycleContext, pending: Pending): Promise<Observed> {
  let unsettled: DirtyFolders = new Map();
  const bareHusks: BareHusk[] = [];
  const { index } = context.local;
  const returned = foldersOfReturned(index);
  pending.local = mergeScopes(pending.local, returned);
  const listed = new Set<RelativePath>();
  followSelection(context, pending);
  while (pending.local === 'all' || pending.local.size > 0) {
    const scope = pending.local;
    pending.local = new Map();
    let report: ScanReport;
    try {
      report = await scan(context, scope);
    } catch (error) {
      pending.local = mergeScopes(scope, pending.local);
      throw error;
    }
    const wasHidden = noteUnsynced(context.issues, report, {
      isFullScan: scope === 'all',
      isDismissed: isDismissed(context.local.index.read),
      isFolder: (path) => localNodeAt(context.local.index.read, path) !== null,
    });
    unsettled = bothDirty(unsettled, report.unsettled);
    bareHusks.push(...report.bareHusks);
    for (const folder of returned.size > 0 ? report.listed : []) listed.add(folder);
    if (wasHidden || (report.areRulesChanged && scope !== 'all')) pending.local = 'all';
    followSelection(context, pending);
  }
  settleReturned(index, listed);
  return { unsettled, bareHusks };
}

/** What is deselected may be somewhere else by now: what was there is judged anew. */
function followSelection({ selection, local }: CycleContext, pending: Pending): void {
  if (selection.follow(local.index.read)) pending.local = 'all';
}

export const mergeScopes = (a: Pending['local'], b: Pending['local']): Pending['local'] =>
  a === 'all' || b === 'all' ? 'all' : bothDirty(a, b);

function scan(context: CycleContext, scope: Pending['local']): Promise<ScanReport> {
  return observeLocal(context.local, {
    scope,
    signal: context.signal,
    isContentSame: (row, path) => isContentOf(context, row, path),
    // Before the vault's first entry was heard there is nothing to seal with.
    onMuchNew: () => {
      if (context.log.position.seq > 0) context.content.crypto.getReady();
    },
  });
}

const incomparable = ['io', 'missing', 'offline', 'corrupt', 'security'] as const;

/** Whether the file at `path` holds the revision that its row names; false if that is not known to the vault. */
async function isContentOf(
  context: CycleContext,
  row: Parameters<typeof compareContent>[1] & { readonly revision: string | null },
  path: RelativePath,
): Promise<boolean> {
  const { index, fs } = context.local;
  const known =
    row.revision === null
      ? null
      : index.read.revision(row.revision as NonNullable<Parameters<typeof index.read.revision>[0]>);
  if (known === null) return false;
  const { crypto, source } = context.content;
  try {
    const chunks = await manifestChunks(crypto.openManifest(known.revision, known.manifest), { crypto, source });
    return (await compareContent({ fs, crypto }, null, path, chunks)) === 'equal';
  } catch (error) {
    // What cannot be compared counts as changed: at worst a needless revision, never a lost edit, and of this file alone.
    if (incomparable.some((kind) => isKind(error, kind))) return false;
    throw error;
  }
}

/** Observes, plans and carries out, round after round, until nothing diverges that can be mended now. */
export async function runCycle(context: CycleContext, pending: Pending): Promise<CycleResult> {
  const { index, clock } = context.local;
  const blocking = { index, clock, random: context.local.random, issues: context.issues };
  let operations = 0;
  let conflicts = 0;
  let idleRounds = 0;
  let unsettled = await prepareDisk(context, pending);
  for (let round = 0; round < maxRounds && !context.isStopping(); round++) {
    const look = context.restless.look(index.read);
    const planned = planRound(context, look);
    const { plan } = planned;
    noteHeld(context.issues, index.read, plan.held, { isFresh: look.wait() !== null });
    if (isEmpty(plan)) {
      endUnblocked({ index, issues: context.issues }, (node) => planned.isWaiting(node) || look.isRestless(node));
      endAllowed(index);
      const restless = look.wait();
      if (restless === null) context.leftOut.settled();
      return { isSettled: true, operations, conflicts, unsettled, restless };
    }
    context.restless.taken(plan, planned);
    const noteDeletes = context.recentDeletes.begin(plan, index.read);
    const report = await carryOut(context, planned);
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
    if (report.done > 0) idleRounds = 0;
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

async function carryOut(context: CycleContext, { plan, ...rows }: Round): Promise<RoundReport> {
  const { local, content, log } = context;
  const { index, fs, clock, random } = local;
  const report = newReport();
  const pages = { crypto: content.crypto, source: content.source };
  const ctimeOf = keptCtime(local);
  await executeSettle(
    {
      index,
      fs,
      content: { crypto: content.crypto, pages },
      hasExecBit: local.traits.hasExecBit,
      ctimeOf,
      signal: context.signal,
    },
    plan.settle,
    report,
  );
  if (report.stopped !== null || context.isStopping()) return report;
  const up = executeUp(
    {
      index,
      log,
      upload: {
        index,
        fs,
        crypto: content.crypto,
        store: content.store,
        pages,
        random,
        memory: content.memoryUp,
        deltaMemory: content.memoryDelta,
        smallBytes: context.smallBytes,
        isHurried: context.restless.isHurried,
        onKnown: (bytes) => context.up.had(bytes),
        isStopping: context.isStopping,
      },
      meter: context.up,
      clock,
      random,
      rows,
      files: content.filesUp,
      signal: context.signal,
      isStopping: context.isStopping,
    },
    plan.up,
    report,
  );
  const down = executeDown(
    {
      index,
      fs,
      download: {
        fs,
        crypto: content.crypto,
        source: content.source,
        memory: content.memoryDown,
        turn: content.turnDown,
        onReceiving: context.down.setOut,
        onLeftover: (bytes) => context.down.had(bytes),
        isStopping: context.isStopping,
      },
      meter: context.down,
      random,
      rows,
      files: content.filesDown,
      ignore: local.ignore,
      isUntouched: async (row, path) => {
        const synced = index.read.synced(row.id);
        return synced !== null && isContentOf(context, { ...row, revision: synced.revision }, path);
      },
      ctimeOf,
      batch: String(log.position.seq),
      isStopping: context.isStopping,
    },
    plan.down,
    report,
  );
  // Both always end before anything else happens to the pair, whichever fails first.
  const [upEnd, downEnd] = await Promise.allSettled([up, down]);
  for (const end of [upEnd, downEnd]) {
    if (end.status === 'rejected') throw end.reason;
  }
  if (report.blocked.has(rootNode)) report.isAllStale = true;
  return report;
}
