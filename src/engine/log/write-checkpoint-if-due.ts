import { HoldfastError } from '../../common/errors.ts';
import type { VaultApi } from '../../remote/storage-api.ts';
import { isCheckpointDue } from '../../vault/is-checkpoint-due.ts';
import { checkpointSeq, compareState } from '../../vault/read-checkpoint.ts';
import { hashState, type RawCheckpoint, writeCheckpoint } from '../../vault/write-checkpoint.ts';
import type { CycleContext } from '../cycle-context.ts';
import { isPassing } from '../passing-failure.ts';
import { openWithGrants } from './open-checkpoint.ts';
import { checkpointSeqKey } from './standing.ts';
import { stateRows } from './state-rows.ts';

type CheckpointContext = Pick<CycleContext, 'local' | 'log' | 'signal' | 'content'>;
type CheckpointStorage = Pick<VaultApi, 'getCheckpoint' | 'putCheckpoint' | 'getGrants' | 'putObjects'>;

const triedAtKey = 'checkpointTriedAt';
/** After a failure, milliseconds before the next try: a checkpoint is an aid, and never worth a storm of requests. */
const retryAfterMs = 60 * 60_000;

/**
 * Writes a checkpoint if so much happened since the last one that it pays, and no other device was faster. To be called
 * when everything is pulled. What fails is tried again later; only a security stop is thrown, and freezes the vault.
 */
export async function writeCheckpointIfDue(
  context: CheckpointContext,
  storage: CheckpointStorage,
  mostEntries?: number,
): Promise<boolean> {
  const { log } = context;
  const { index, clock, logger } = context.local;
  const known = Number(index.read.meta(checkpointSeqKey) ?? 0);
  const since = { entries: log.position.seq - known, bytes: log.bytesSinceCheckpoint };
  const { remoteNodes, deletedNodes } = index.read.counts();
  const isDue =
    mostEntries === undefined ? isCheckpointDue(since, remoteNodes + deletedNodes) : since.entries >= mostEntries;
  if (!isDue) return false;
  const triedAt = Number(index.read.meta(triedAtKey) ?? 0);
  if (Math.abs(clock.now() - triedAt) < retryAfterMs) return false;
  try {
    return await writeUnlessThere(context, storage, known);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof HoldfastError)) throw error;
    if (error.kind === 'security' && error.reason !== 'chain-stale') return log.freeze(error);
    if (error.kind !== 'security' && !isPassing(error)) throw error;
    logger.log('info', 'no checkpoint written', { kind: error.kind, reason: error.reason });
    index.transaction((write) => write.setMeta(triedAtKey, clock.now()));
    return false;
  }
}

async function writeUnlessThere(
  context: CheckpointContext,
  storage: CheckpointStorage,
  known: number,
): Promise<boolean> {
  const { log, signal, content } = context;
  const { read } = context.local.index;
  const { position, keyRing, author } = log;
  const { vault, seq } = position;
  const latest = await storage.getCheckpoint(vault, { signal });
  if (latest !== null && checkpointSeq(latest) > known) {
    if (checkpointSeq(latest) === seq) await compareWithOwn(context, storage, latest);
    log.noteCheckpoint(Math.min(checkpointSeq(latest), seq));
    return false;
  }
  const raw = await writeCheckpoint({
    position,
    keyRing,
    author,
    rows: stateRows(read, content.crypto, context.local.clock),
    storePage: ({ objectId, sealed }) => storage.putObjects(vault, [{ id: objectId, bytes: sealed }], { signal }),
    random: context.local.random,
  });
  await storage.putCheckpoint(vault, { ...raw, pages: [...raw.pages] }, { signal });
  log.noteCheckpoint(seq);
  context.local.logger.log('info', 'checkpoint written', { seq, pages: raw.pages.length });
  return true;
}

/** F-CKPT-2: a device that replayed to this very seq can tell whether the checkpoint is right. */
async function compareWithOwn(
  context: CheckpointContext,
  storage: Pick<VaultApi, 'getGrants'>,
  raw: RawCheckpoint,
): Promise<void> {
  const { log, signal, content } = context;
  const { opened } = await openWithGrants(storage, log, log.author.chain, raw, signal);
  const own = await hashState(
    log.position.vault,
    stateRows(context.local.index.read, content.crypto, context.local.clock),
  );
  compareState(opened, log.position, own);
}
