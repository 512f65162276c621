import { unreachable } from '../../common/errors.ts';
import { type NodeId, rootNode } from '../../common/ids.ts';
import type { LocalNode } from '../../model/node.ts';
import type { Operation } from '../../model/operation.ts';
import type { UpOperation } from '../../plan/plan.ts';
import { bareDraft } from '../../vault/split-operations.ts';
import { alarm } from '../alarm.ts';
import type { RoundReport } from '../op-outcome.ts';
import { byFolder, shortFirst } from '../transfer/order-contents.ts';
import { type Appending, appendReady } from './append-ready.ts';
import { type ContentOperation, contentsTogether, prepareContents, type Ready } from './prepare-contents.ts';
import type { UpContext } from './up-context.ts';
import { isSmall } from './upload-small.ts';

/** With so many ready contents an entry is written; fewer wait for each other, but not longer than this. */
const fullEntry = 1000;
const appendEveryMs = 500;
/** Contents being read, sealed or sent at once. */
const maxPrepared = 384;
/** Contents that wait for their entry while another one is on its way. */
const mostReady = 4 * fullEntry;

/**
 * Turns planned operations into entries of the log. Structure goes first and in order; contents are stored beside it and
 * each other, and join as they become ready, for no structural operation waits for a content.
 */
export async function executeUp(
  context: UpContext,
  operations: readonly UpOperation[],
  report: RoundReport,
): Promise<void> {
  const { index, meter } = context;
  const planned = plannedNodes(context, operations);
  const hasBlocked = index.read.counts().blocked > 0;
  const ready: Ready[] = [];
  for (const op of operations) {
    const operation = structuralOperation(op);
    if (operation !== null) ready.push({ planned: op, draft: bareDraft(operation), content: null });
  }
  const appending: Appending = { context, report, ready, planned, touched: new Set(), hasBlocked };
  const localOf = (node: NodeId): LocalNode | null => planned.get(node) ?? null;
  const contents = shortFirst(
    byFolder(operations.filter(isContent), ({ node }) => localOf(node)?.parent ?? rootNode),
    ({ node }) => isShort(context, localOf(node)),
    ({ node }) => localOf(node)?.size ?? 0,
  );
  meter.begin(contents.length, bytesOf(contents.map(({ node }) => localOf(node))));
  let failure: unknown = null;
  try {
    await appendAll(appending, contents);
  } catch (error) {
    failure = error;
  }
  meter.end(bytesOf(contents.map(({ node }) => (report.left.has(node) ? localOf(node) : null))));
  try {
    context.upload.store.unwritten.writeRest();
  } catch (error) {
    failure ??= error;
  }
  if (failure !== null) throw failure;
}

/**
 * Writes the structure that is ready, prepares contents beside it and each other, and writes what is ready of them from time
 * to time. Nothing of it runs when it ends.
 */
async function appendAll(appending: Appending, contents: readonly ContentOperation[]): Promise<void> {
  const { context, planned, ready, report } = appending;
  const { clock, roundEnd } = context;
  const localOf = (node: NodeId): LocalNode | null => planned.get(node) ?? null;
  const isAtEnd = (): boolean => {
    if (context.isStopping() || (next > 0 && roundEnd.isDue())) return true;
    const first = contents[next];
    return hasBegunLong && roundEnd.isLeft() && first !== undefined && !isShort(context, localOf(first.node));
  };
  let running = 0;
  let next = 0;
  let hasBegunLong = false;
  let isAppending = false;
  let appendAt = clock.monotonic() + appendEveryMs;
  /** It ends the round, but not before the contents that are under way have ended. */
  let failure: unknown = null;
  let wake: () => void = () => undefined;
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const start = (work: Promise<void>, ended: () => void): void =>
    void work
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        ended();
        wake();
      });
  const startContents = (group: readonly ContentOperation[]): void => {
    running += group.length;
    hasBegunLong ||= group.some(({ node }) => !isShort(context, localOf(node)));
    const prepare = prepareContents(context, group, report).then((prepared) => void ready.push(...prepared));
    start(prepare, () => {
      running -= group.length;
    });
  };
  const startAppending = (): void => {
    isAppending = true;
    // Contents go on meanwhile: over a far line an entry takes as long as thousands of them.
    start(appendReady(appending), () => {
      isAppending = false;
      appendAt = clock.monotonic() + appendEveryMs;
    });
  };
  // One for each entry: contents become ready by the thousands.
  const entryDue = alarm(clock, () => wake());
  const isBusy = (): boolean => running > 0 || isAppending;
  if (ready.length > 0) startAppending();
  while ((next < contents.length || isBusy() || ready.length > 0) && report.stopped === null && failure === null) {
    while (next < contents.length && running < maxPrepared && ready.length < mostReady && !isAtEnd()) {
      const group = contentsTogether(context, contents, next, localOf);
      next += group.length;
      startContents(group);
    }
    if (isAtEnd()) {
      for (const { node } of contents.slice(next)) report.left.add(node);
      next = contents.length;
    }
    const isLast = running === 0 && next >= contents.length;
    if (!isAppending && ready.length > 0) {
      if (ready.length >= fullEntry || isLast || clock.monotonic() >= appendAt) startAppending();
      else entryDue.set(appendAt - clock.monotonic());
    }
    if (isBusy() || ready.length > 0) await woken();
  }
  entryDue.clear();
  if (report.stopped !== null || failure !== null) roundEnd.leave();
  while (isBusy()) await woken();
  if (failure !== null) throw failure;
}

const bytesOf = (files: readonly (LocalNode | null)[]): number =>
  files.reduce((sum, file) => sum + (file?.size ?? 0), 0);

const isShort = ({ upload }: UpContext, local: LocalNode | null): boolean => local === null || isSmall(upload, local);

function plannedNodes({ rows }: UpContext, operations: readonly UpOperation[]): ReadonlyMap<NodeId, LocalNode> {
  const planned = new Map<NodeId, LocalNode>();
  for (const { node } of operations) {
    const local = rows.localRow(node);
    if (local !== null) planned.set(node, local);
  }
  return planned;
}

const isContent = (op: UpOperation): op is ContentOperation => op.type === 'up-create-file' || op.type === 'up-revise';

function structuralOperation(op: UpOperation): Operation | null {
  switch (op.type) {
    case 'up-create-folder':
      return { type: 'create-folder', node: op.node, parent: op.parent, name: op.name };
    case 'up-place':
      return { type: 'place', node: op.node, parent: op.parent, name: op.name };
    case 'up-delete':
      return { type: 'delete', node: op.node };
    case 'up-restore':
      return { type: 'restore', node: op.node, parent: op.parent, name: op.name };
    case 'up-create-file':
    case 'up-revise':
      return null;
    default:
      return unreachable(op);
  }
}
