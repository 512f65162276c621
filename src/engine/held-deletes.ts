import type { NodeId } from '../common/ids.ts';
import type { Index, IndexReader } from '../db/index-port.ts';
import type { HeldItem } from '../model/status.ts';
import type { HeldDeletes } from '../plan/plan.ts';
import type { IssueBook } from './issue-book.ts';
import { localPath, vaultPath } from './local-path.ts';

export type HeldDirection = HeldDeletes['direction'];

const sentences: Record<HeldDirection, (count: number) => string> = {
  up: (count) =>
    `${count} files and folders were deleted in the folder here. They are still in the vault and on other devices until you allow it.`,
  down: (count) =>
    `${count} files and folders were deleted on another device. They stay in the folder here until you allow it.`,
};

interface HeldDetails {
  readonly nodes: readonly NodeId[];
}

/** How many paths the issue lists. */
const maxListed = 200;

/** Shows what waits; ends the issue when nothing does, unless that is not known: what was seen is too fresh to count. */
export function noteHeld(
  issues: IssueBook,
  read: IndexReader,
  held: readonly HeldDeletes[],
  { isFresh }: { readonly isFresh: boolean },
): void {
  for (const direction of ['up', 'down'] as const) {
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
  const issue = issues.find(`held:${direction}`);
  const details = issue?.details as HeldDetails | null | undefined;
  if (details === null || details === undefined) return;
  index.transaction((write) => {
    if (choice === 'allow') write.approve(direction, details.nodes);
    else for (const node of details.nodes) forgetBase(index.read, write, node);
  });
  issues.end(`held:${direction}`);
}

/** What waits for a decision, by page: each folder, and each file that is in it. */
export function listHeld(
  issues: IssueBook,
  read: IndexReader,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { readonly items: readonly HeldItem[]; readonly total: number } {
  const waiting = (['up', 'down'] as const).flatMap((direction) => {
    const details = issues.find(`held:${direction}`)?.details as HeldDetails | null | undefined;
    return (details?.nodes ?? []).map((node) => ({ node, direction }));
  });
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
