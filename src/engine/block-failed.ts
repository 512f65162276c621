import type { Clock } from '../common/clock.ts';
import type { HoldfastError } from '../common/errors.ts';
import { type NodeId, type Random, rootNode } from '../common/ids.ts';
import type { Index } from '../db/index-port.ts';
import { backOffMs } from './back-off.ts';
import { type IssueBook, issueKindOf } from './issue-book.ts';
import { localPath, vaultPath } from './local-path.ts';

const limits = { first: 2000, most: 15 * 60_000 };

/** What failed waits and is shown; everything else goes on. */
export function blockFailed(
  context: { readonly index: Index; readonly clock: Clock; readonly random: Random; readonly issues: IssueBook },
  blocked: ReadonlyMap<NodeId, HoldfastError>,
): void {
  const { index, clock, issues } = context;
  for (const [node, error] of blocked) {
    const attempts = (index.read.blocked(node)?.attempts ?? 0) + 1;
    const path = node === rootNode ? '' : (localPath(index.read, node) ?? vaultPath(index.read, node));
    const jitter = (context.random.bytes(1)[0] ?? 0) / 256;
    const retryAt = clock.now() + Math.max(backOffMs(attempts, jitter, limits), error.retryAfter ?? 0);
    if (node !== rootNode) {
      index.transaction((write) =>
        write.putBlocked({
          node,
          side: error.kind === 'io' ? 'local' : 'remote',
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

/** Issues of nodes that wait no longer. */
export function endUnblocked(index: Index, issues: IssueBook): void {
  issues.endWhere('blocked:', (issue) => issue.node === null || index.read.blocked(issue.node) === null);
}
