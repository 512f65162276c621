import { isKind } from '../../common/errors.ts';
import { parentPath, type RelativePath } from '../../common/relative-path.ts';
import { allOf, bothDirty, type DirtyFolders } from '../../model/dirty-folders.ts';
import type { CycleContext } from '../cycle-context.ts';
import type { BareHusk } from '../husks.ts';
import { localNodeAt } from '../local-path.ts';
import { foldersOfReturned, settleReturned } from '../log/returned-nodes.ts';
import { observeLocal } from '../observe/observe-local.ts';
import type { ScanReport } from '../observe/scan-report.ts';
import { isDismissed, noteUnsynced } from '../observe/unsynced-issues.ts';
import { isContentOf } from '../settle/is-content-of.ts';

/** What is to be looked at; the loop adds, a cycle takes. */
export interface Pending {
  local: 'all' | DirtyFolders;
  isRemoteDirty: boolean;
}

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
    isContentSame: (row, path) => isContentOf(context, row.revision, path),
    // Before the vault's first entry was heard there is nothing to seal with.
    onMuchNew: () => {
      if (context.log.position.seq > 0) context.content.crypto.getReady();
    },
  });
}
