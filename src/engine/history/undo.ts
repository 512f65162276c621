import { HoldfastError, isKind } from '../../common/errors.ts';
import type { NodeId, RevisionId } from '../../common/ids.ts';
import type { BatchRow, IndexReader } from '../../db/index-port.ts';
import { bareDraft, type Draft } from '../../vault/split-operations.ts';
import { decodeChanges, type FormerNode } from '../batch-journal.ts';
import type { CycleContext } from '../cycle-context.ts';
import { nextStamp } from '../log/next-stamp.ts';
import { appendOperations } from '../up/append-operations.ts';
import { lastPath } from './last-path.ts';
import { orderUndo, type Steps } from './order-undo.ts';
import { type RevisedBack, reviseBack } from './revise-back.ts';

/** What a node was before the batch. */
type Before = { readonly was: 'nothing' } | { readonly was: 'live' | 'deleted'; readonly node: FormerNode };

/**
 * Takes back what one batch did to the vault, as far as nothing newer stands on it: nodes come back to the place and
 * content that they had, made ones are deleted. `skipped`: paths that stay as they are. Throws `missing` for an unknown
 * batch, `conflict` if nothing of it can be taken back.
 */
export async function undo(
  context: CycleContext,
  batchId: string,
): Promise<{ readonly batch: string; readonly skipped: readonly string[] }> {
  const { local, log } = context;
  const { read } = local.index;
  const { seqs, before } = readBatch(read, batchId);
  const contents = new Map<NodeId, RevisedBack>();
  let skipped: ReadonlySet<NodeId> = new Set();

  const makeDrafts = async (): Promise<Draft[]> => {
    const steps = await stepsBack(context, before, (seq) => seqs.has(seq), contents);
    const drafts = orderUndo(read, steps, nextStamp(log, local.clock));
    skipped = steps.skipped;
    return drafts;
  };
  const { batch } = await appendOperations(context, makeDrafts, (write, applied) => {
    for (const { draft, remember } of contents.values()) {
      if (applied.some((each) => each.operation === draft.operation)) remember(write);
    }
  });
  return { batch, skipped: [...skipped].map((node) => lastPath(read, node) ?? node) };
}

/** A batch is one entry, or several of one device as `appendOperations` names them. */
function readBatch(
  read: IndexReader,
  batchId: string,
): { readonly seqs: ReadonlySet<number>; readonly before: ReadonlyMap<NodeId, Before> } {
  const [first, last] = batchId.split('-').map(Number);
  const rows: BatchRow[] = [];
  if (first !== undefined && last !== undefined && last - first < maxEntries) {
    // Entries of other devices may have come between.
    const author = read.batch(String(first))?.deviceId;
    for (let seq = first; seq <= last; seq++) {
      const row = read.batch(String(seq));
      if (row !== null && row.deviceId === author) rows.push(row);
    }
  } else {
    const row = read.batch(batchId);
    if (row !== null) rows.push(row);
  }
  if (rows.length === 0) {
    throw new HoldfastError('missing', `There is no batch ${batchId} that this device knows.`);
  }
  const before = new Map<NodeId, Before>();
  const note = (node: NodeId, state: Before): void => {
    if (!before.has(node)) before.set(node, state);
  };
  for (const row of rows) {
    for (const change of decodeChanges(row.ops)) {
      if (change.what === 'create') note(change.node, { was: 'nothing' });
      else if (change.what === 'delete') for (const node of change.before) note(node.node, { was: 'live', node });
      else note(change.node, { was: change.what === 'restore' ? 'deleted' : 'live', node: change.before });
    }
  }
  return { seqs: new Set(rows.map((row) => row.seq ?? 0)), before };
}

const maxEntries = 10_000;

/** What each node lacks of its former state. `contents` keeps the revisions made for it, over repeated calls. */
async function stepsBack(
  context: CycleContext,
  before: ReadonlyMap<NodeId, Before>,
  isOfBatch: (seq: number) => boolean,
  contents: Map<NodeId, RevisedBack>,
): Promise<Steps> {
  const { read } = context.local.index;
  const steps: Steps = { changes: [], deletes: [], skipped: new Set() };
  const isContentOfBatch = (revision: RevisionId | null): boolean =>
    revision === null || isOfBatch(read.revision(revision)?.seq ?? 0);

  for (const [id, state] of before) {
    const now = read.vaultRow(id);
    if (now === null) continue;
    if (state.was !== 'live') {
      if (now.isDeleted) continue;
      const isSameContent = state.was === 'deleted' && state.node.revision === now.revision;
      const isStanding = isOfBatch(now.seq) && (isSameContent || isContentOfBatch(now.revision));
      if (isStanding) steps.deletes.push({ node: id, draft: bareDraft({ type: 'delete', node: id }) });
      else steps.skipped.add(id);
      continue;
    }
    const { parent, name, revision } = state.node;
    const isMoved = now.isDeleted || now.parent !== parent || now.name !== name;
    if (isMoved && !isOfBatch(now.seq)) {
      steps.skipped.add(id);
      continue;
    }
    if (isMoved) {
      const type = now.isDeleted ? 'restore' : 'place';
      steps.changes.push({ node: id, draft: bareDraft({ type, node: id, parent, name }) });
    }
    const made = contents.get(id);
    if (revision === null || now.revision === revision || (made !== undefined && now.revision === made.revision))
      continue;
    if (!isContentOfBatch(now.revision) || read.revision(revision) === null) {
      steps.skipped.add(id);
      continue;
    }
    const back = made ?? (await reviseBackOrNull(context, id, revision));
    if (back === null) {
      steps.skipped.add(id);
      continue;
    }
    contents.set(id, back);
    steps.changes.push({ node: id, draft: back.draft });
  }
  return steps;
}

/** Null if the server lacks a part of the former content at the moment. */
async function reviseBackOrNull(context: CycleContext, node: NodeId, old: RevisionId): Promise<RevisedBack | null> {
  try {
    return await reviseBack(context, node, old);
  } catch (error) {
    if (isKind(error, 'missing')) return null;
    throw error;
  }
}
