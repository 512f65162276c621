import { isKind } from '../../common/errors.ts';
import type { DeviceId } from '../../common/ids.ts';
import type { LastConflict, PairStatus } from '../../model/status.ts';
import type { CycleContext } from '../cycle-context.ts';
import { heardDevices } from '../log/heard-devices.ts';
import { heldCount } from '../loop/held-deletes.ts';
import type { PairLoop } from '../loop/pair-loop.ts';
import type { PairWatch } from '../loop/pair-watch.ts';
import type { RootGuard } from '../observe/root-check.ts';
import type { PairOptions } from '../pair-options.ts';
import { blockedCount } from './left-out.ts';
import { pairState } from './pair-state.ts';

/** What a pair says of itself. */
export interface PairStatusParts {
  readonly options: Pick<PairOptions, 'pair' | 'vault' | 'folder' | 'deviceNameOf'>;
  readonly context: Pick<CycleContext, 'local' | 'leftOut' | 'log' | 'issues' | 'up' | 'down'>;
  readonly loop: Pick<
    PairLoop,
    'activity' | 'hasCommand' | 'isObserved' | 'isPaused' | 'isPending' | 'isRestless' | 'lastError' | 'lastSettledAt'
  >;
  readonly root: Pick<RootGuard, 'problem'>;
  readonly watch: Pick<PairWatch, 'unwatched'>;
  /** Where the server said that the vault is. */
  readonly serverSeq: number;
  /** Wall time when it was last asked; null: not since the start. */
  readonly pulledAt: number | null;
  readonly lastConflict: LastConflict | null;
}

export function pairStatus({
  options,
  context,
  loop,
  root,
  watch,
  serverSeq,
  pulledAt,
  lastConflict,
}: PairStatusParts): PairStatus {
  const { issues, local, log } = context;
  const counts = local.index.read.counts();
  const { lastError } = loop;
  const {
    state,
    message,
    messageKind = 'other',
  } = pairState({
    isFrozen: log.position.frozen !== null,
    rootProblem: root.problem,
    isPaused: loop.isPaused,
    activity: loop.activity,
    lastError,
    isErrorAnIssue: lastError !== null && issues.all().some((issue) => issue.message === lastError.message),
    openIssues: issues.openCount,
    diverged: isAtRest(loop) ? 0 : counts.diverged,
    unwatched: watch.unwatched,
    // What a command hears of is a cycle's to carry out, once that has ended.
    isPending: loop.isPending || (loop.hasCommand && pendingCount(context) > 0),
    isRestless: loop.isRestless,
    isObserved: loop.isObserved,
    isBehind: serverSeq > log.position.seq,
  });
  return {
    pair: options.pair,
    vault: options.vault,
    vaultName: log.position.name,
    folder: options.folder,
    state,
    message,
    messageKind,
    up: context.up.progress(),
    down: context.down.progress(),
    pending: pendingCount(context),
    held: heldCount(issues),
    issues: issues.openCount,
    files: counts.syncedFiles,
    folders: counts.syncedFolders,
    seq: log.position.seq,
    serverSeq: Math.max(serverSeq, log.position.seq),
    lastSyncedAt: loop.lastSettledAt,
    since: null,
    lastConflict,
    heard: heardDevices(log.heard, pulledAt, othersOf(log), options.deviceNameOf),
  };
}

/** Which other devices are in use; none where the account is stopped, since then nothing is said of its chain. */
function othersOf(log: CycleContext['log']): (device: DeviceId) => boolean {
  try {
    const { chain, device: own } = log.author;
    return (device) => device !== own && chain.devices.get(device)?.revokedAt === null;
  } catch (error) {
    if (isKind(error, 'security')) return () => false;
    throw error;
  }
}

/** What keeps a run of `sync` from being whole. */
export function openCounts({ context, loop }: Pick<PairStatusParts, 'context' | 'loop'>): {
  readonly held: number;
  readonly issues: number;
  /** Nodes that differ still, but for those that are held. */
  readonly left: number;
} {
  const { read } = context.local.index;
  const held = heldCount(context.issues);
  const waiting = isAtRest(loop) ? 0 : pendingCount(context);
  return {
    held,
    issues: context.issues.openCount,
    // Those that failed are among those that wait.
    left: Math.max(waiting - held, blockedCount(read)),
  };
}

const pendingCount = ({ local, leftOut }: Pick<CycleContext, 'local' | 'leftOut'>): number =>
  Math.max(0, local.index.read.counts().diverged - leftOut.count);

/** What is diverged but ignored, held or blocked is no work that waits. */
const isAtRest = (loop: PairStatusParts['loop']): boolean => loop.lastError === null && !loop.isPending;
