import { must, unreachable } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import { parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { ChunkRow, Index, IndexReader, IndexWriter, LocalRow } from '../../db/index-port.ts';
import type { FileSystem } from '../../local/file-system.ts';
import type { Stat } from '../../model/stat.ts';
import type { SettleOperation } from '../../plan/plan.ts';
import type { CycleContext } from '../cycle-context.ts';
import { localPath } from '../local-path.ts';
import { noteFailure, noteStale, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { knownChunk, rememberChunks } from '../transfer/known-chunk.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import { compareContent } from './compare-content.ts';

/** Operations in one transaction. */
const groupSize = 1000;

export interface SettleContext {
  readonly index: Index;
  readonly fs: Pick<FileSystem, 'openFile' | 'setAttributes'>;
  readonly content: Pick<CycleContext['content'], 'crypto' | 'source'>;
  readonly hasExecBit: boolean;
  /** The ctime to keep of a file that was just changed here. */
  readonly ctimeOf: (stat: Stat) => number;
  readonly signal: AbortSignal;
}

/**
 * Moves the synced tree to where both sides already are. Adoptions and settlements follow from the trees alone and are
 * done at once, in the same turn as the plan; comparisons read files.
 */
export async function executeSettle(
  context: SettleContext,
  operations: readonly SettleOperation[],
  report: RoundReport,
): Promise<void> {
  const { index } = context;
  const compares = operations.filter((op) => op.type === 'compare');
  const quick = operations.filter((op) => op.type !== 'compare');
  for (let at = 0; at < quick.length; at += groupSize) {
    index.transaction((write) => {
      for (const op of quick.slice(at, at + groupSize)) settleOne(index, write, op);
    });
  }
  report.done += quick.length;
  for (const op of compares) {
    if (context.signal.aborted || report.stopped !== null) return;
    await compareOne(context, op, report);
  }
}

function settleOne(index: Index, write: IndexWriter, op: Exclude<SettleOperation, { type: 'compare' }>): void {
  const read = index.read;
  switch (op.type) {
    case 'forget':
      write.removeSynced(op.node);
      return;
    case 'adopt':
      write.adopt(op.node, op.as);
      agree(read, write, op.as);
      return;
    case 'settle':
      agree(read, write, op.node);
      return;
    default:
      unreachable(op);
  }
}

/** Both sides are what they are: that is the new merge base. */
function agree(read: IndexReader, write: IndexWriter, node: NodeId): void {
  const local = must(read.local(node), 'a node to settle is not on disk');
  const remote = must(read.remote(node), 'a node to settle is not in the vault');
  write.putSynced({
    id: node,
    parent: remote.parent,
    name: remote.name,
    localName: local.name,
    kind: remote.kind,
    revision: local.revision === remote.revision ? remote.revision : (read.synced(node)?.revision ?? null),
  });
}

async function compareOne(
  context: SettleContext,
  op: Extract<SettleOperation, { type: 'compare' }>,
  report: RoundReport,
): Promise<void> {
  const { index, fs } = context;
  const { crypto } = context.content;
  const row = index.read.localRow(op.node);
  const path = row === null ? null : localPath(index.read, op.node);
  const revision = index.read.revision(op.revision);
  if (row === null || path === null || revision === null) return;
  try {
    const manifest = crypto.openManifest(op.revision, revision.manifest);
    const chunks = await manifestChunks(manifest, context.content);
    const known: ChunkRow[] = [];
    const outcome = await compareContent({ fs, crypto }, row, path, chunks, (chunk, plain) =>
      known.push(knownChunk(crypto, chunk, plain, chunks.length === 1)),
    );
    const now = index.read.localRow(op.node);
    if (outcome === 'changed' || now === null || now.revision !== row.revision) {
      noteStale(report, op.node, parentPath(path));
      return;
    }
    if (outcome === 'different') {
      index.transaction((write) => write.putLocal({ ...now, differsFrom: op.revision }));
    } else {
      const agreed = await alignExec(context, now, path, revision.exec);
      index.transaction((write) => {
        write.putLocal({ ...agreed, revision: op.revision, differsFrom: null });
        rememberChunks(write, op.revision, known);
      });
    }
    report.done++;
  } catch (error) {
    noteFailure(report, op.node, outcomeOf(error, parentPath(path)));
  }
}

/** Equal bytes: the exec bit is the vault's, since its revision is the one that both sides take. */
async function alignExec(context: SettleContext, row: LocalRow, path: RelativePath, exec: boolean): Promise<LocalRow> {
  if (row.exec === exec || !context.hasExecBit) return { ...row, exec };
  const stat = await context.fs.setAttributes(path, { ...row, kind: 'file' }, { exec });
  return { ...row, exec, ctimeUs: context.ctimeOf(stat), mtimeUs: stat.mtimeUs };
}
