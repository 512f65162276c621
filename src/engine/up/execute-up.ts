import type { Clock } from '../../common/clock.ts';
import { HoldfastError, unreachable } from '../../common/errors.ts';
import { type NodeId, type ObjectId, type RevisionId, rootNode } from '../../common/ids.ts';
import type { Index, IndexWriter } from '../../db/index-port.ts';
import type { LocalNode } from '../../model/node.ts';
import type { Operation } from '../../model/operation.ts';
import type { UpOperation } from '../../plan/plan.ts';
import { retainedOf } from '../../vault/object-lists.ts';
import type { DecodedOperation } from '../../vault/operation-codec.ts';
import { type EntryDraft, splitOperations } from '../../vault/split-operations.ts';
import { overlayTree } from '../../vault/tree-overlay.ts';
import type { VaultTree } from '../../vault/vault-tree.ts';
import { alarm } from '../alarm.ts';
import { byFolder } from '../down/by-folder.ts';
import { type Named, rememberedTreeReader } from '../log/index-tree.ts';
import type { VaultLog } from '../log/vault-log.ts';
import type { RoundReport } from '../op-outcome.ts';
import { agreedAfter } from '../settle/agreed-after.ts';
import type { TransferMeter } from '../transfer/transfer-meter.ts';
import type { UnwrittenChunks } from '../transfer/unwritten-chunks.ts';
import { noteWork } from '../work-done.ts';
import { admissible } from './admissible.ts';
import {
  type ContentOperation,
  contentsTogether,
  type PrepareContext,
  prepareContents,
  type Ready,
} from './prepare-contents.ts';

export interface UpContext extends PrepareContext {
  readonly log: VaultLog;
  readonly meter: TransferMeter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asked between operations: true ends the round early, without an error. */
  readonly isStopping: () => boolean;
}

/** Entries are at most this long, so that others see progress and a lost swap repeats little. */
const maxOperationsPerEntry = 2000;
/** With so many ready contents an entry is written; fewer wait for each other, but not longer than this. */
const fullEntry = 1000;
const appendEveryMs = 500;
/** Contents being read, sealed or sent at once. */
const maxPrepared = 384;
/** Contents that wait for their entry while another one is on its way. */
const mostReady = 4 * fullEntry;
const maxSwapsLost = 8;
/** Tries while a server says that another was first, but has nothing of another to show. */
const maxEmptyReasons = 2;

/**
 * Turns planned operations into entries of the log. Structure goes first and in order; contents are stored beside each
 * other and join as they become ready, for no structural operation waits for a content. Each entry is one
 * compare-and-swap; what another device's entry has touched meanwhile is left for the next plan.
 */
export async function executeUp(
  context: UpContext,
  operations: readonly UpOperation[],
  report: RoundReport,
): Promise<void> {
  const { index, log, signal, clock } = context;
  const { unwritten } = context.upload.store;
  const read = index.read;
  // As the plan saw them: what changed since is a new difference.
  const planned = new Map<NodeId, LocalNode>();
  for (const { node } of operations) {
    const local = context.rows.localRow(node);
    if (local !== null) planned.set(node, local);
  }

  /** Only a round before this one can have blocked any. */
  const hasBlocked = read.counts().blocked > 0;

  const ready: Ready[] = [];
  let running = 0;
  let wake: () => void = () => undefined;
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const touched = new Set<NodeId>();

  const isTouched = (operation: UpOperation): boolean => {
    if (touched.size === 0) return false;
    if (touched.has(operation.node)) return true;
    return operation.type === 'up-delete' && [...touched].some((node) => isBelow(read, node, operation.node));
  };

  const rememberContent = (write: IndexWriter, { planned: { node }, content }: Ready): void => {
    if (content === null) return;
    if (content.hashes.length > 0) write.setRevisionChunks(content.manifest.revision, content.hashes);
    if (hasBlocked) write.removeBlocked(node);
  };

  const appendEntry = async (
    entry: EntryDraft,
    group: readonly Ready[],
    tree: VaultTree,
  ): Promise<'done' | 'moved' | 'missing'> => {
    const objects = new Set(group.flatMap(({ content }) => content?.refs.map((ref) => ref.objectId) ?? []));
    const plans = new Map<DecodedOperation, UpOperation>(group.map((each) => [each.draft.operation, each.planned]));
    const result = await log.append(entry, {
      signal,
      tree,
      agreed: (operation, before) => {
        const op = plans.get(operation);
        return op === undefined ? before : agreedAfter(op, planned.get(op.node), before);
      },
      onApplied: (write) => {
        unwritten.writeReferenced(write, objects);
        for (const each of group) rememberContent(write, each);
      },
    });
    if (result.status === 'done') {
      unwritten.written(objects);
      report.done += group.length;
      for (const each of group) {
        noteWork(report.work, each.planned);
        if (each.content !== null) context.meter.fileDone();
      }
      return 'done';
    }
    if (result.status === 'objects-missing') {
      unwritten.forget();
      return 'missing';
    }
    for (const node of result.touched) touched.add(node);
    return 'moved';
  };

  /** Writes what is ready by now. */
  const appendReady = async (): Promise<void> => {
    let lost = 0;
    let empty = 0;
    for (let left = ready.length; left > 0 && report.stopped === null; ) {
      const isLeft = ({ planned }: Ready): boolean => !isTouched(planned);
      const taken = ready.splice(0, Math.min(left, maxOperationsPerEntry));
      left -= taken.length;
      const group = taken.filter(isLeft);
      const stamp = { seq: log.position.seq + 1, timeUs: context.clock.now() * 1000, deviceId: log.device };
      const known = rememberedTreeReader(read, namedBy(group));
      const rest = admissible(read, known, group, stamp, ready.filter(isLeft));
      const tree = overlayTree(known);
      const entries = splitOperations(
        rest.map((each) => ({ ...each.draft, retained: retainedNow(read, unwritten, each) })),
      );
      let at = 0;
      for (const entry of entries) {
        const part = rest.slice(at, at + entry.operations.length);
        const seen = log.position.seq;
        const outcome = await appendEntry(entry, part, tree);
        if (outcome === 'done') {
          at += part.length;
          lost = 0;
          continue;
        }
        if (outcome === 'moved' && log.position.seq === seen && ++empty > maxEmptyReasons) {
          for (const each of rest.slice(at)) report.blocked.set(each.planned.node, notTaken(outcome));
          return;
        }
        // A content whose objects are gone is uploaded again by the next plan; a lost swap is tried again here.
        if (outcome === 'missing' || ++lost > maxSwapsLost) {
          for (const each of rest.slice(at)) report.unsent.set(each.planned.node, notTaken(outcome));
          return;
        }
        const again = rest.slice(at);
        ready.unshift(...again);
        left += again.length;
        await context.clock.sleep(Math.min(20 * 2 ** lost, 1000), signal);
        break;
      }
    }
  };

  /** A failure ends the round, but not before the contents that are under way have ended. */
  const appendOrFail = async (): Promise<void> => {
    try {
      await appendReady();
    } catch (error) {
      failure ??= error;
    }
  };

  const startContents = (group: readonly ContentOperation[]): void => {
    running += group.length;
    void prepareContents(context, group, report)
      .then((prepared) => {
        ready.push(...prepared);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        running -= group.length;
        wake();
      });
  };
  let failure: unknown = null;

  const contents = byFolder(
    operations.filter((op) => op.type === 'up-create-file' || op.type === 'up-revise'),
    ({ node }) => planned.get(node)?.parent ?? rootNode,
  );
  context.meter.begin(
    contents.length,
    contents.reduce((sum, op) => sum + (planned.get(op.node)?.size ?? 0), 0),
  );
  for (const op of operations) {
    const operation = structuralOperation(op);
    if (operation !== null)
      ready.push({ planned: op, draft: { operation, retained: [], released: [] }, content: null });
  }
  await appendOrFail();
  let next = 0;
  let appending: Promise<void> | null = null;
  let appendAt = clock.monotonic() + appendEveryMs;
  // One for each entry: contents become ready by the thousands.
  const entryDue = alarm(clock, () => wake());
  const isMore = (): boolean => next < contents.length || running > 0 || ready.length > 0 || appending !== null;
  while (isMore() && report.stopped === null && failure === null) {
    while (next < contents.length && running < maxPrepared && ready.length < mostReady && !context.isStopping()) {
      const group = contentsTogether(context, contents, next, (node) => planned.get(node) ?? null);
      next += group.length;
      startContents(group);
    }
    if (context.isStopping()) next = contents.length;
    const isLast = running === 0 && next >= contents.length;
    if (appending === null && ready.length > 0) {
      if (ready.length >= fullEntry || isLast || clock.monotonic() >= appendAt) {
        // Contents go on meanwhile: over a far line an entry takes as long as thousands of them.
        appending = appendOrFail().finally(() => {
          appending = null;
          appendAt = clock.monotonic() + appendEveryMs;
          wake();
        });
      } else entryDue.set(appendAt - clock.monotonic());
    }
    if (running > 0 || ready.length > 0 || appending !== null) {
      await woken();
    }
  }
  entryDue.clear();
  // What is still being read or written ends by itself; nothing may be left running when the round ends.
  while (running > 0 || appending !== null) await woken();
  context.meter.end();
  try {
    unwritten.writeRest();
  } catch (error) {
    failure ??= error;
  }
  if (failure !== null) throw failure;
}

/** Of itself an honest server ends either within a round or two. */
const notTaken = (outcome: 'missing' | 'moved'): HoldfastError =>
  outcome === 'missing'
    ? new HoldfastError('conflict', 'The server says each time that it does not hold what was sent to it.', {
        reason: 'objects-missing',
        hint: 'If this stays, tell whoever runs the server: it loses or refuses data.',
      })
    : new HoldfastError('conflict', 'The server says each time that another device was first.', { reason: 'busy' });

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

/** Asked for each try: what another device's entry has released since has to be retained again. */
const retainedNow = (read: Index['read'], unwritten: Pick<UnwrittenChunks, 'has'>, { content }: Ready): ObjectId[] =>
  retainedOf(
    content?.refs.map((ref) => ref.objectId) ?? [],
    (object) => !unwritten.has(object) && (read.chunkByObject(object)?.isReferenced ?? false),
  );

/** What the rules of the log will ask of the index for these. */
function namedBy(group: readonly Ready[]): Named {
  const nodes = new Set<NodeId>();
  const revisions: RevisionId[] = [];
  for (const { draft, content } of group) {
    const { operation } = draft;
    if ('node' in operation) nodes.add(operation.node);
    if ('parent' in operation && operation.parent !== rootNode) nodes.add(operation.parent);
    if (content !== null) revisions.push(content.manifest.revision);
  }
  return { nodes: [...nodes], revisions };
}

function isBelow(read: Index['read'], node: NodeId, folder: NodeId): boolean {
  for (let at = node; at !== rootNode; ) {
    if (at === folder) return true;
    const row = read.vaultRow(at);
    if (row === null) return false;
    at = row.parent;
  }
  return false;
}
