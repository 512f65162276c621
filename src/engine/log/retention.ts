import { assert, HoldfastError, isKind, must } from '../../common/errors.ts';
import type { ObjectId, RevisionId } from '../../common/ids.ts';
import { objectsOf, releasedOf } from '../../vault/object-lists.ts';
import { validOperations } from '../../vault/tree-overlay.ts';
import type { CycleContext } from '../cycle-context.ts';
import { readContent } from '../transfer/manifest-chunks.ts';
import { defaultRetention, expiredRevisions, type RetentionPolicy } from './expired-revisions.ts';
import { addMark, isOlder, isSteadySince, lastSeenAt, type Mark, parseMarks } from './history-age.ts';
import { indexTreeReader } from './index-tree.ts';
import { nextStamp } from './next-stamp.ts';
import { notice, parseNoticed } from './trash-age.ts';

type PruneContext = Pick<CycleContext, 'local' | 'log' | 'content' | 'signal'>;

const marksKey = 'historyMarks';
const noticedKey = 'trashNoticed';
const nextKey = 'nextPruneAt';
const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** When there is more to release than one run takes. */
const soonMs = 10 * 60_000;

/** What one run releases at most: it becomes one entry. */
const maxRevisions = 2000;
const maxObjects = 50_000;
const slice = 256;

/**
 * Once a day: releases versions that need not be kept any more, and empties the trash and the journal of what is too old. Call it when
 * everything is pulled and settled. Nothing that a kept version needs is ever named, and never the current version of a
 * live file (SAF-11). Returns how many versions were released. What fails is tried again later.
 */
export async function pruneHistory(context: PruneContext, policy: RetentionPolicy = defaultRetention): Promise<number> {
  const { index, clock, fs, logger } = context.local;
  const now = clock.now();
  const next = Number(index.read.meta(nextKey) ?? 0);
  if (now < next && next - now <= dayMs) return 0;
  const marks = addMark(parseMarks(index.read.meta(marksKey)), now, context.log.position.seq);
  const setNext = (ms: number): void => index.transaction((write) => write.setMeta(nextKey, now + ms));
  index.transaction((write) => write.setMeta(marksKey, marks));
  try {
    const known = parseNoticed(index.read.meta(noticedKey));
    const noticed = notice(known, await fs.trashBatches(), now);
    if (noticed.size + known.size > 0) index.transaction((write) => write.setMeta(noticedKey, [...noticed]));
    const trashed = now - policy.trashMs;
    const isLong = (batch: string): boolean => (noticed.get(batch) ?? now) <= trashed;
    if (isSteadySince(marks, trashed)) await fs.expireTrash(trashed, isLong);
    const journalled = now - policy.journalMs;
    index.transaction((write) => write.removeBatches(lastSeenAt(marks, journalled), journalled));
    const { released, isAll } = await releaseExpired(context, marks, now, policy);
    setNext(isAll ? dayMs : soonMs);
    if (released > 0) logger.log('info', 'old versions released', { released });
    return released;
  } catch (error) {
    if (context.signal.aborted || !(error instanceof HoldfastError) || error.kind === 'bug') throw error;
    logger.log('info', 'history not pruned', { kind: error.kind, reason: error.reason });
    setNext(hourMs);
    return 0;
  }
}

interface Ages {
  readonly isOld: Parameters<typeof expiredRevisions>[2];
  /** Old enough to be released also if its pages cannot be read, for which the server was waited for as long again. */
  readonly isGivenUp: Ages['isOld'];
  readonly newest: number;
}

async function releaseExpired(
  context: PruneContext,
  marks: readonly Mark[],
  now: number,
  { historyMs, newest }: RetentionPolicy,
): Promise<{ readonly released: number; readonly isAll: boolean }> {
  // Nothing can be that old to this device: no file need be asked about.
  if (lastSeenAt(marks, now - historyMs) === 0) return { released: 0, isAll: true };
  const { log, signal } = context;
  const { position } = log;
  const found = await findExpired(context, {
    isOld: isOlder(marks, now, historyMs),
    isGivenUp: isOlder(marks, now, 2 * historyMs),
    newest,
  });
  const revisions = [...found.objects.keys()];
  if (revisions.length === 0) return { released: 0, isAll: found.isAll };
  const released = await unneeded(context, found.objects);
  if (log.position.seq !== position.seq) return { released: 0, isAll: false };
  const operation = { type: 'release', revisions } as const;
  const stamp = nextStamp(log, context.local.clock);
  // The server would drop the objects even if no replica followed.
  const isValid = validOperations(indexTreeReader(context.local.index.read), [operation], stamp).valid.length === 1;
  assert(isValid, 'a version to release is still needed');
  const result = await log.append(
    { operations: [operation], retained: [], released },
    { signal, onApplied: () => undefined },
  );
  // Another device may just have come to need one of them: look again, another time.
  return result.status === 'done' ? { released: revisions.length, isAll: found.isAll } : { released: 0, isAll: false };
}

/**
 * Versions to release, with all their objects. Those whose pages cannot be read are left alone, until they are given up: kept
 * for good they would hold back all others, as nobody knows what they need. Of these the objects that are known go.
 */
async function findExpired(
  context: PruneContext,
  { isOld, isGivenUp, newest }: Ages,
): Promise<{ readonly objects: ReadonlyMap<RevisionId, readonly ObjectId[]>; readonly isAll: boolean }> {
  const { clock, index } = context.local;
  const { read } = index;
  const objects = new Map<RevisionId, readonly ObjectId[]>();
  let count = 0;
  let walked = 0;
  for (const row of read.vaultRows()) {
    if (++walked % slice === 0) await clock.sleep(0);
    if (row.kind !== 'file') continue;
    const kept = read.revisionsOf(row.id);
    for (const revision of expiredRevisions(row, kept, isOld, newest)) {
      const found = await objectsOrNull(context, revision);
      const isLost = found === null && expiredRevisions(row, kept, isGivenUp, newest).includes(revision);
      const own = isLost ? knownObjects(context, revision) : found;
      if (own === null) continue;
      const isFull = objects.size >= maxRevisions || (objects.size > 0 && count + own.length > maxObjects);
      if (isFull) return { objects, isAll: false };
      objects.set(revision, own);
      count += own.length;
    }
  }
  return { objects, isAll: true };
}

async function objectsOrNull(context: PruneContext, revision: RevisionId): Promise<readonly ObjectId[] | null> {
  try {
    return await objectsOfRevision(context, revision);
  } catch (error) {
    if (isKind(error, 'missing') || isKind(error, 'security')) return null;
    throw error;
  }
}

/** What the server keeps of it besides, nobody can name. */
function knownObjects({ local, content }: PruneContext, revision: RevisionId): ObjectId[] {
  const { read } = local.index;
  local.logger.log('warn', 'an old version goes whose list of parts is lost', { revision });
  const manifest = content.crypto.openManifest(revision, must(read.revision(revision)).manifest);
  const listed = objectsOf({ chunks: [], pages: [], ...manifest.content });
  return [...listed, ...[...read.chunksOfRevision(revision)].map(({ objectId }) => objectId)];
}

async function objectsOfRevision({ local, content }: PruneContext, revision: RevisionId): Promise<ObjectId[]> {
  const manifest = content.crypto.openManifest(revision, must(local.index.read.revision(revision)).manifest);
  return objectsOf(await readContent(manifest, content));
}

/**
 * Of the objects of these versions, those that no other kept version of the vault needs. Reads every manifest; throws
 * rather than guess if one of them cannot be read.
 */
async function unneeded(
  context: PruneContext,
  expired: ReadonlyMap<RevisionId, readonly ObjectId[]>,
): Promise<ObjectId[]> {
  const { clock, index } = context.local;
  const { read } = index;
  const candidates = new Set<ObjectId>([...expired.values()].flat());
  let walked = 0;
  for (const row of read.vaultRows()) {
    if (candidates.size === 0) break;
    if (++walked % slice === 0) await clock.sleep(0);
    if (row.kind !== 'file') continue;
    for (const { revision } of read.revisionsOf(row.id)) {
      if (expired.has(revision)) continue;
      for (const object of await objectsOfRevision(context, revision)) candidates.delete(object);
    }
  }
  return releasedOf(candidates);
}
