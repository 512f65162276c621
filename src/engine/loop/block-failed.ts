import type { Clock } from '../../common/clock.ts';
import type { HoldfastError } from '../../common/errors.ts';
import { type NodeId, type Random, rootNode } from '../../common/ids.ts';
import type { BlockedRow, Index } from '../../db/index-port.ts';
import { isDiverged } from '../../plan/diverged.ts';
import { backOffMs, longestBackOffMs } from '../back-off.ts';
import { type IssueBook, issueKindOf } from '../issue-book.ts';
import { localPath, vaultPath } from '../local-path.ts';
import { nameInUse } from '../observe/never-synced.ts';
import { refusedOnTheWay } from '../op-outcome.ts';

/** Why what changes each time that it is about to be synced waits. */
export const neverStill = 'never-still';

const limits = { first: 2000, most: 15 * 60_000 };

/** No server asks for more. A full one asks for no time, nor does a disk. */
const longestAsked = 3_600_000;
const mayHaveAsked = ({ side, reason }: Pick<BlockedRow, 'side' | 'reason'>): boolean =>
  side === 'remote' && reason !== 'quota';

/**
 * Whether it is time for the next try. A wait that is longer than was ever given comes of a clock that was set back
 * meanwhile: then it is time, too.
 */
export const isDue = (row: Omit<BlockedRow, 'node'>, now: number): boolean =>
  row.retryAt <= now ||
  row.retryAt - now > Math.max(longestBackOffMs(row.attempts, limits), mayHaveAsked(row) ? longestAsked : 0);

/**
 * A person asks for it: what this computer's disk refused waits no longer, nor what something on the way to the server
 * refused, which may be another content by now. What failed on its way from the server keeps its back-off: nobody is asked
 * again and again for what does not open (F-FREEZE-3).
 */
export const endWaits = (context: Waits): void =>
  endWaitsOf(context, ({ side, reason }) => side === 'local' || reason === refusedOnTheWay);

/** A name is free that something not synced had. */
export const endWaitsForNames = (context: Waits): void => endWaitsOf(context, ({ reason }) => reason === nameInUse);

interface Waits {
  readonly index: Index;
  readonly clock: Clock;
}

function endWaitsOf({ index, clock }: Waits, isMeant: (row: BlockedRow) => boolean): void {
  const waiting = [...index.read.blockedNodes()].filter(isMeant);
  if (waiting.length === 0) return;
  index.transaction((write) => {
    for (const row of waiting) write.putBlocked({ ...row, retryAt: clock.now() });
  });
}

/** What failed waits and is shown; everything else goes on. */
export function blockFailed(
  context: { readonly index: Index; readonly clock: Clock; readonly random: Random; readonly issues: IssueBook },
  blocked: ReadonlyMap<NodeId, HoldfastError>,
): void {
  const { index, clock, issues } = context;
  for (const [node, error] of blocked) {
    const attempts = (index.read.blocked(node)?.attempts ?? 0) + 1;
    const path = localPath(index.read, node) ?? vaultPath(index.read, node);
    const retryAt = clock.now() + Math.max(backOffMs(attempts, context.random, limits), error.retryAfter ?? 0);
    if (node !== rootNode) {
      index.transaction((write) =>
        write.putBlocked({
          node,
          side: error.kind === 'io' || error.reason === neverStill ? 'local' : 'remote',
          reason: error.reason ?? error.kind,
          message: error.message,
          attempts,
          retryAt,
        }),
      );
    }
    issues.raise({
      id: `blocked:${node}`,
      kind: issueKindOf(error),
      message: `${path ?? 'A file'}: ${error.message}`,
      node,
      path,
      choices: ['retry'],
      security: error.security ?? null,
    });
  }
}

/**
 * When there is nothing more to plan: what agrees by now, in whatever way it came to that, waits no longer, nor does what
 * was due again and asks for nothing; and their issues are over. `isLeft`: the plan was not to touch it, for it waited when
 * that was begun, or because its change is not taken up yet. To plan takes time, in which a wait may end.
 */
export function endUnblocked(
  { index, issues }: { readonly index: Index; readonly issues: IssueBook },
  isLeft: (node: NodeId) => boolean,
): void {
  const { read } = index;
  const isOver = ({ node }: BlockedRow): boolean =>
    !isDiverged(read.local(node), read.remote(node), read.synced(node)) || !isLeft(node);
  const over = [...read.blockedNodes()].filter(isOver);
  if (over.length > 0) {
    index.transaction((write) => {
      for (const { node } of over) write.removeBlocked(node);
    });
  }
  issues.endWhere('blocked:', (issue) => issue.node === null || index.read.blocked(issue.node) === null);
}
