import { must } from '../../common/errors.ts';
import { type NodeId, newId, type Random, type RevisionId } from '../../common/ids.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import { remembered } from '../../common/remembered.ts';
import { err, ok, type Result } from '../../common/result.ts';
import type { Index, LocalRow } from '../../db/index-port.ts';
import type { Operation } from '../../model/operation.ts';
import type { UpOperation } from '../../plan/plan.ts';
import { bareDraft, type Draft } from '../../vault/split-operations.ts';
import { localPath } from '../local-path.ts';
import type { RoundEnd } from '../loop/round-end.ts';
import { noteFailure, noteStale, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { isStopped } from '../transfer/interruption.ts';
import type { Semaphore } from '../transfer/semaphore.ts';
import type { LongWork, UnderWay } from '../transfer/under-way.ts';
import { type UploadContext, type UploadOutcome, uploadContent, type WantedContent } from './upload-content.ts';
import { isSmall, uploadSmall } from './upload-small.ts';

export type ContentOperation = Extract<UpOperation, { type: 'up-create-file' | 'up-revise' }>;

/** An operation that is ready to be written to the log, with what the index has to remember once it is. */
export interface Ready {
  readonly planned: UpOperation;
  readonly draft: Draft;
  readonly content: Extract<UploadOutcome, { status: 'uploaded' }> | null;
}

/** Rows of the nodes of a plan, mostly without reading them again. */
export interface PlannedRows {
  /** As it is now. */
  readonly localRow: (node: NodeId) => LocalRow | null;
  /** When the plan was made, the vault knew the id of the node, live or deleted. */
  readonly wasInVault: (node: NodeId) => boolean;
}

export interface PrepareContext {
  readonly index: Index;
  readonly rows: PlannedRows;
  readonly upload: UploadContext;
  /** Large files. */
  readonly long: UnderWay<UploadOutcome>;
  readonly roundEnd: Pick<RoundEnd, 'left'>;
  readonly random: Random;
  /** Bounds files being read at once. */
  readonly files: Semaphore;
}

/** Small files that are read, sealed and sent together; fewer bytes than the budget for plaintext has, so that some are under way. */
const mostTogether = 128;
const mostBytesTogether = 1024 * 1024;

/** The contents from `from` on that are prepared together: small ones, or a single one that is not. */
export function contentsTogether(
  { upload }: Pick<PrepareContext, 'upload'>,
  operations: readonly ContentOperation[],
  from: number,
  localOf: (node: NodeId) => Pick<LocalRow, 'id' | 'size'> | null,
): readonly ContentOperation[] {
  let bytes = 0;
  let end = from;
  for (; end < operations.length && end - from < mostTogether; end++) {
    const local = localOf(must(operations[end]).node);
    if (local === null || !isSmall(upload, local)) break;
    bytes += local.size;
    if (bytes > mostBytesTogether) break;
  }
  return operations.slice(from, Math.max(end, from + 1));
}

/** What is to be read for an operation. */
interface Source {
  readonly op: ContentOperation;
  readonly row: LocalRow;
  readonly path: RelativePath;
}

/** What of these (as of `contentsTogether`) is to be written to the log; of the others the report says what became of them. */
export async function prepareContents(
  context: PrepareContext,
  operations: readonly ContentOperation[],
  report: RoundReport,
): Promise<readonly Ready[]> {
  const release = await context.files.acquire(operations.length);
  try {
    if (report.stopped !== null) return [];
    const sources = sourcesOf(context, operations, report);
    const outcomes = await upload(context, sources);
    return sources.flatMap((source, at) => readyOf(context, source, outcomes[at] ?? null, report) ?? []);
  } finally {
    release();
  }
}

function sourcesOf(context: PrepareContext, operations: readonly ContentOperation[], report: RoundReport): Source[] {
  const { index, rows } = context;
  const { read } = index;
  const folderOf = remembered((folder: NodeId) => localPath(read, folder));
  const revisions = read.knownRevisions(operations.map(({ revision }) => revision));
  /** The vault knows each id once: a revision that came from it, or a node that cannot be restored, goes up under a new one. */
  const isUsed = ({ type, node, revision }: ContentOperation): boolean =>
    revisions.has(revision) || (type === 'up-create-file' && rows.wasInVault(node));
  return operations.flatMap((op) => {
    const row = rows.localRow(op.node);
    const folder = row === null ? null : folderOf(row.parent);
    if (row === null || folder === null || row.revision !== op.revision) return [];
    if (isUsed(op)) {
      renew(context, row, op);
      report.done++;
      return [];
    }
    return [{ op, row, path: joinName(folder, row.name) }];
  });
}

/** Null of one that is left to the next round. */
async function upload(
  { long, roundEnd, upload }: PrepareContext,
  sources: readonly Source[],
): Promise<readonly (Result<UploadOutcome, unknown> | null)[]> {
  const files = sources.map(({ op, path, row }) => ({
    path,
    row,
    revision: op.revision,
    isNew: op.type === 'up-create-file',
  }));
  try {
    if (files.every(({ row }) => isSmall(upload, row))) return await uploadSmall(upload, files);
    return await Promise.all(
      files.map(async (file) => {
        const outcome = await long.join(longWork(upload, file), roundEnd.left);
        return outcome === null ? null : ok(outcome);
      }),
    );
  } catch (error) {
    return sources.map(() => err(error));
  }
}

function longWork(upload: UploadContext, file: WantedContent): LongWork<UploadOutcome> {
  const { row, revision } = file;
  return {
    node: row.id,
    key: [revision, row.size, row.mtimeUs, row.ctimeUs, row.dev, row.ino, row.exec].join(),
    begin: (isWanted) => uploadContent({ ...upload, isStopping: () => upload.isStopping() || !isWanted() }, file),
  };
}

/** Null: nothing to write, for this node settled by itself, went stale or is blocked; the report says which. */
function readyOf(
  { index }: PrepareContext,
  { op, path }: Source,
  result: Result<UploadOutcome, unknown> | null,
  report: RoundReport,
): Ready | null {
  if (result === null) {
    report.left.add(op.node);
    return null;
  }
  if (!result.ok) {
    if (!isStopped(result.error)) noteFailure(report, op.node, outcomeOf(result.error, parentPath(path)));
    return null;
  }
  const outcome = result.value;
  if (outcome.status === 'stale') {
    noteStale(report, op.node, parentPath(path));
    return null;
  }
  if (outcome.status === 'same') {
    // It may have got another place meanwhile, and the vault another content of it; this one's is the one that was read.
    const now = index.read.localRow(op.node);
    if (now === null || now.revision !== op.revision) return null;
    index.transaction((write) => write.putLocal({ ...now, revision: outcome.revision, differsFrom: null }));
    return null;
  }
  const { manifest } = outcome;
  const operation: Operation =
    op.type === 'up-create-file'
      ? { type: 'create-file', node: op.node, parent: op.parent, name: op.name, manifest }
      : { type: 'revise', node: op.node, manifest };
  return { planned: op, draft: bareDraft(operation), content: outcome };
}

function renew({ index, random }: PrepareContext, row: LocalRow, op: ContentOperation): void {
  index.transaction((write) => {
    const isNodeUsed = op.type === 'up-create-file' && index.read.vaultRow(op.node) !== null;
    if (isNodeUsed) {
      write.removeLocal(op.node);
      write.removeSynced(op.node);
    }
    const id = isNodeUsed ? newId<NodeId>(random) : row.id;
    write.putLocal({ ...row, id, revision: newId<RevisionId>(random) });
  });
}
