import type { NodeId } from '../../common/ids.ts';
import type { Index, IndexReader } from '../../db/index-port.ts';
import type { HeldItem } from '../../model/status.ts';
import { isDiverged } from '../../plan/diverged.ts';
import type { HeldDeletes } from '../../plan/plan.ts';
import type { IssueBook } from '../issue-book.ts';
import { localPath, vaultPath } from '../local-path.ts';

type HeldDirection = HeldDeletes['direction'];

const directions = ['up', 'down'] as const;

const sentences: Record<HeldDirection, (count: number) => string> = {
  up: (count) =>
    `${count} files and folders were deleted in the folder here. They are still in the vault and on other devices until you allow it.`,
  down: (count) =>
    `${count} files and folders were deleted on another device. They stay in the folder here until you allow it.`,
};

interface HeldDetails {
  readonly nodes: readonly NodeId[];
}

const detailsOf = (issues: Pick<IssueBook, 'find'>, direction: HeldDirection): HeldDetails | null =>
  (issues.find(`held:${direction}`)?.details as HeldDetails | null | undefined) ?? null;

/** Whether the person is asked about the delete of a node already. Looks when it is asked first: make a new one for each plan. */
export function heldBefore(issues: Pick<IssueBook, 'find'>, direction: HeldDirection): (node: NodeId) => boolean {
  let nodes: ReadonlySet<NodeId> | null = null;
  return (node) => {
    nodes ??= new Set(detailsOf(issues, direction)?.nodes);
    return nodes.has(node);
  };
}

/** Nodes that wait for the person. */
export const heldCount = (issues: Pick<IssueBook, 'find'>): number =>
  directions.reduce((sum, direction) => sum + (detailsOf(issues, direction)?.nodes.length ?? 0), 0);

/** How many paths the issue lists. */
const maxListed = 200;

/** Shows what waits; ends the issue when nothing does, unless that is not known: what was seen is too fresh to count. */
export function noteHeld(
  issues: IssueBook,
  read: IndexReader,
  held: readonly HeldDeletes[],
  { isFresh }: { readonly isFresh: boolean },
): void {
  for (const direction of directions) {
    const nodes = held
      .filter((each) => each.direction === direction)
      .flatMap((each) => each.operations.map((op) => op.node));
    const id = `held:${direction}`;
    if (nodes.length === 0) {
      if (!isFresh) issues.end(id);
      continue;
    }
    const paths = nodes.slice(0, maxListed).map((node) => localPath(read, node) ?? vaultPath(read, node) ?? node);
    issues.raise({
      id,
      kind: 'held-deletes',
      message: sentences[direction](nodes.length),
      choices: ['allow', 'restore'],
      details: { nodes, paths } satisfies HeldDetails & { paths: readonly string[] },
    });
  }
}

/**
 * `allow`: the deletes go on. `restore`: they are taken back; without a synced row the side that still has the nodes
 * counts as new, so that the next plan brings them back to the other side.
 */
export function resolveHeld(
  index: Index,
  issues: IssueBook,
  direction: HeldDirection,
  choice: 'allow' | 'restore',
): void {
  const details = detailsOf(issues, direction);
  if (details === null) return;
  index.transaction((write) => {
    if (choice === 'allow') write.approve(direction, details.nodes);
    else for (const node of details.nodes) forgetBase(index.read, write, node);
  });
  issues.end(`held:${direction}`);
}

/**
 * When there is nothing more to plan: what was allowed for a node that agrees on both sides by now, gone or there, is over. It
 * may come back, and be deleted again by whatever accident.
 */
export function endAllowed({ read, transaction }: Index): void {
  for (const direction of directions) {
    const over = [...read.approvals(direction)].filter(
      (node) => !isDiverged(read.local(node), read.remote(node), read.synced(node)),
    );
    if (over.length === 0) continue;
    transaction((write) => {
      for (const node of over) write.removeApproval(direction, node);
    });
  }
}

/** What waits for a decision, by page: each folder, and each file that is in it. */
export function listHeld(
  issues: IssueBook,
  read: IndexReader,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { readonly items: readonly HeldItem[]; readonly total: number } {
  const waiting = directions.flatMap((direction) =>
    (detailsOf(issues, direction)?.nodes ?? []).map((node) => ({ node, direction })),
  );
  const items = waiting.slice(offset, offset + limit).map(({ node, direction }) => ({
    path: localPath(read, node) ?? vaultPath(read, node) ?? node,
    direction,
    kind: (read.synced(node) ?? read.remote(node) ?? read.local(node))?.kind ?? 'file',
  }));
  return { items, total: waiting.length };
}

function forgetBase(read: IndexReader, write: Parameters<Parameters<Index['transaction']>[0]>[0], top: NodeId): void {
  const stack = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of read.syncedChildren(node)) stack.push(child.id);
    write.removeSynced(node);
  }
}
