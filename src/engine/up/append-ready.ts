import { HoldfastError } from '../../common/errors.ts';
import { type NodeId, type ObjectId, type RevisionId, rootNode } from '../../common/ids.ts';
import type { IndexReader, IndexWriter } from '../../db/index-port.ts';
import type { LocalNode } from '../../model/node.ts';
import type { UpOperation } from '../../plan/plan.ts';
import { retainedOf } from '../../vault/object-lists.ts';
import type { DecodedOperation } from '../../vault/operation-codec.ts';
import {
  type Draft,
  type EntryDraft,
  fileTooLarge,
  fitsAnEntry,
  splitOperations,
} from '../../vault/split-operations.ts';
import { overlayTree } from '../../vault/tree-overlay.ts';
import type { VaultTree } from '../../vault/vault-tree.ts';
import { type Named, rememberedTreeReader } from '../log/index-tree.ts';
import { nextStamp } from '../log/next-stamp.ts';
import type { RoundReport } from '../op-outcome.ts';
import { agreedAfter } from '../settle/agreed-after.ts';
import type { UnwrittenChunks } from '../transfer/unwritten-chunks.ts';
import { noteWork } from '../work-done.ts';
import { admissible } from './admissible.ts';
import { afterLostSwap, maxSwapsLost } from './lost-swap.ts';
import type { Ready } from './prepare-contents.ts';
import type { UpContext } from './up-context.ts';

/** Entries are at most this long, so that others see progress and a lost swap repeats little. */
const maxOperationsPerEntry = 2000;
/** Tries while a server says that another was first, but has nothing of another to show. */
const maxEmptyReasons = 2;

/** The operations of a round on their way into the log. */
export interface Appending {
  readonly context: UpContext;
  readonly report: RoundReport;
  /** What waits for an entry, in order. Others add to it at any time. */
  readonly ready: Ready[];
  /** Nodes as the plan saw them: what changed since is a new difference. */
  readonly planned: ReadonlyMap<NodeId, LocalNode>;
  /** Changed by entries of other devices since the plan was made. */
  readonly touched: Set<NodeId>;
  /** Some node is blocked: by a round before this one. */
  readonly hasBlocked: boolean;
}

/**
 * Writes what is ready by now, for one caller at a time. Each entry is one compare-and-swap; what another device's entry has
 * touched meanwhile is left for the next plan.
 */
export async function appendReady(appending: Appending): Promise<void> {
  const { context, ready, report, touched } = appending;
  const { clock, index, log, signal } = context;
  const { read } = index;
  const { unwritten } = context.upload.store;
  const isLeft = ({ planned }: Ready): boolean => !isTouched(read, touched, planned);
  let lost = 0;
  let empty = 0;
  for (let left = ready.length; left > 0 && report.stopped === null; ) {
    const taken = ready.splice(0, Math.min(left, maxOperationsPerEntry));
    left -= taken.length;
    const group = taken.filter(isLeft);
    const stamp = nextStamp(log, clock);
    const known = rememberedTreeReader(read, namedBy(group));
    const rest: Ready[] = [];
    const drafts: Draft[] = [];
    for (const each of admissible(read, known, group, stamp, ready.filter(isLeft))) {
      const retained = retainedNow(read, unwritten, each);
      if (fitsAnEntry(retained)) {
        rest.push(each);
        drafts.push({ ...each.draft, retained });
      } else report.blocked.set(each.planned.node, fileTooLarge());
    }
    const tree = overlayTree(known);
    const entries = splitOperations(drafts);
    let at = 0;
    for (const entry of entries) {
      const part = rest.slice(at, at + entry.operations.length);
      const seen = log.position.seq;
      const outcome = await appendEntry(appending, entry, part, tree);
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
      await afterLostSwap(lost, clock, signal);
      break;
    }
  }
}

async function appendEntry(
  { context, hasBlocked, planned, report, touched }: Appending,
  entry: EntryDraft,
  group: readonly Ready[],
  tree: VaultTree,
): Promise<'done' | 'moved' | 'missing'> {
  const { log, meter, signal } = context;
  const { unwritten } = context.upload.store;
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
      for (const each of group) rememberContent(write, each, hasBlocked);
    },
  });
  if (result.status === 'done') {
    unwritten.written(objects);
    report.done += group.length;
    for (const each of group) {
      noteWork(report.work, each.planned);
      if (each.content !== null) meter.fileDone();
    }
    return 'done';
  }
  if (result.status === 'objects-missing') {
    unwritten.forget();
    return 'missing';
  }
  for (const node of result.touched) touched.add(node);
  return 'moved';
}

function rememberContent(write: IndexWriter, { planned, content }: Ready, hasBlocked: boolean): void {
  if (content === null) return;
  if (content.hashes.length > 0) write.setRevisionChunks(content.manifest.revision, content.hashes);
  if (hasBlocked) write.removeBlocked(planned.node);
}

/** Of itself an honest server ends either within a round or two. */
const notTaken = (outcome: 'missing' | 'moved'): HoldfastError =>
  outcome === 'missing'
    ? new HoldfastError('conflict', 'The server says each time that it does not hold what was sent to it.', {
        reason: 'objects-missing',
        hint: 'If this stays, tell whoever runs the server: it loses or refuses data.',
      })
    : new HoldfastError('conflict', 'The server says each time that another device was first.', { reason: 'busy' });

/** Asked for each try: what another device's entry has released since has to be retained again. */
const retainedNow = (read: IndexReader, unwritten: Pick<UnwrittenChunks, 'has'>, { content }: Ready): ObjectId[] =>
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

function isTouched(read: IndexReader, touched: ReadonlySet<NodeId>, operation: UpOperation): boolean {
  if (touched.size === 0) return false;
  if (touched.has(operation.node)) return true;
  return operation.type === 'up-delete' && [...touched].some((node) => isBelow(read, node, operation.node));
}

function isBelow(read: IndexReader, node: NodeId, folder: NodeId): boolean {
  for (let at = node; at !== rootNode; ) {
    if (at === folder) return true;
    const row = read.vaultRow(at);
    if (row === null) return false;
    at = row.parent;
  }
  return false;
}
