import { concat } from '../../common/bytes.ts';
import { HoldfastError, isKind } from '../../common/errors.ts';
import { idBytes, type ObjectId } from '../../common/ids.ts';
import type { RevisionInfo, VaultRow } from '../../db/index-port.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import type { VerifyReport } from '../../model/status.ts';
import type { VaultApi } from '../../remote/storage-api.ts';
import { readPages } from '../../vault/manifest-pages.ts';
import type { CycleContext } from '../cycle-context.ts';
import { lastPath } from '../history/last-path.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { textOf } from '../transfer/unwritten-chunks.ts';

/** Ids in one question to the server. */
const askedAtOnce = 4096;
/** Refs remembered as checked, so that what many versions share is checked once. */
const maxRemembered = 250_000;
/** Nodes looked at before other work gets its turn. */
const slice = 256;
/** As the weight of what is fetched: whatever people wait for goes first. */
const behindAll = Number.POSITIVE_INFINITY;
/** Fetches under way at once, besides the budget of memory. */
const maxRunning = 32;

interface Asked {
  readonly ref: ChunkRef;
  readonly label: string;
  /** Whether the vault keeps the version still: what it has given up may be gone. */
  readonly isKept: () => boolean;
}

/**
 * Checks every version that the vault keeps, old ones and those of deleted files too: its manifest and pages are there and
 * authentic, and each object is held by the server; deep: each is fetched and opened, nothing is written. Throws
 * `offline` and the like when it cannot be told; what is wrong with a file is a problem in the report. Chunks that are found
 * lost are not built upon any more: where a folder still has their content, its next file with it is stored anew. Syncing goes on
 * meanwhile: for a large vault and a thin line this takes days.
 */
export async function verify(
  context: Pick<CycleContext, 'local' | 'log' | 'content' | 'signal'>,
  storage: Pick<VaultApi, 'heldObjects'>,
  { isDeep }: { readonly isDeep: boolean },
): Promise<VerifyReport> {
  const { signal } = context;
  const { index, clock } = context.local;
  const { read } = index;
  const counted = { nodes: 0, revisions: 0, objects: 0, bytes: 0 };
  const problems = new Map<string, { path: string; problem: string }>();
  const seen = new Set<string>();
  const running = new Set<Promise<void>>();
  const lost: ObjectId[] = [];
  let asked: Asked[] = [];
  let failure: unknown = null;

  const note = (path: string, error: unknown, cost = ''): void => {
    const problem = `${problemOf(error)}${cost}`;
    problems.set(`${path}\n${problem}`, { path, problem });
  };

  /** An object that fails is fetched once more at most. */
  const open = async (ref: ChunkRef, opener: ContentCrypto['openChunk']): Promise<Uint8Array> => {
    const { crypto, sourceAside } = context.content;
    const fetch = () => sourceAside.fetch(ref.objectId, crypto.sealedLength(ref.plainLength), undefined, behindAll);
    const sealed = await fetch();
    try {
      return await opener(ref, sealed);
    } catch (error) {
      if (!isKind(error, 'security')) throw error;
      return opener(ref, await fetch());
    }
  };

  const fetchOne = async ({ ref, label, isKept }: Asked): Promise<void> => {
    while (running.size >= maxRunning) await Promise.race(running);
    const { crypto, memoryDown } = context.content;
    const release = await memoryDown.acquire(crypto.sealedLength(ref.plainLength) + ref.plainLength, behindAll);
    const task: Promise<void> = open(ref, crypto.openChunk)
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!isProblem(error)) failure ??= error;
        else if (isKept()) {
          note(label, error);
          lost.push(ref.objectId);
        }
      })
      .finally(() => {
        release();
        running.delete(task);
      });
    running.add(task);
  };

  /** What the server does not say that it holds is asked for itself: some servers tell an author of own objects only. */
  const ask = async (): Promise<void> => {
    const group = asked;
    asked = [];
    const ids = group.map(({ ref }) => ref.objectId);
    const held = await storage.heldObjects(context.log.position.vault, ids, { signal });
    for (const each of group) if (!held.has(each.ref.objectId)) await fetchOne(each);
  };

  const check = async (each: Asked): Promise<void> => {
    const { ref } = each;
    const said = allOf(ref);
    if (seen.has(said)) return;
    if (seen.size >= maxRemembered) seen.clear();
    seen.add(said);
    counted.objects++;
    counted.bytes += ref.plainLength;
    if (isDeep) return fetchOne(each);
    asked.push(each);
    if (asked.length >= askedAtOnce) await ask();
  };

  const checkRevision = async (row: VaultRow, info: RevisionInfo): Promise<void> => {
    signal.throwIfAborted();
    const { crypto } = context.content;
    const isKept = (): boolean => read.revisionsOf(row.id).some(({ revision }) => revision === info.revision);
    if (!isKept()) return;
    counted.revisions++;
    const label = labelOf(lastPath(read, row.id) ?? row.name, row, info);
    try {
      const kept = read.revision(info.revision);
      if (kept === null) throw new HoldfastError('missing', 'The manifest is gone.');
      const manifest = crypto.openManifest(info.revision, kept.manifest);
      // Pages are read, and so checked, on the way.
      const { chunks, pages } = await readPages(manifest, (page) => open(page, crypto.openPage));
      counted.objects += pages.length;
      for (const ref of chunks) await check({ ref, label, isKept });
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (isKept()) note(label, error, withoutList);
    }
  };

  let walked = 0;
  for (const { id } of read.vaultRows()) {
    const row = read.vaultRow(id);
    if (row === null) continue;
    if (!row.isDeleted) counted.nodes++;
    if (row.kind === 'file') {
      const kept = read.revisionsOf(row.id);
      if (!row.isDeleted && !kept.some((info) => info.revision === row.revision)) {
        note(lastPath(read, row.id) ?? row.name, new HoldfastError('missing', 'Its current version is not known.'));
      }
      for (const info of kept) await checkRevision(row, info);
    }
    if (failure !== null) break;
    if (++walked % slice === 0) await clock.sleep(0);
    signal.throwIfAborted();
  }
  if (asked.length > 0 && failure === null) await ask();
  while (running.size > 0) await Promise.race(running);
  signal.throwIfAborted();
  if (lost.length > 0) index.transaction((write) => write.forgetChunks(lost));
  if (failure !== null) throw failure;
  return { ...counted, problems: [...problems.values()] };
}

/** All that a ref says: an object that is what one says need not be what another one does. */
const allOf = ({ objectId, secret, hash, plainLength: n }: ChunkRef): string =>
  textOf(concat(idBytes(objectId), secret, hash, Uint8Array.of(n >> 16, n >> 8, n)));

/** Nobody knows what such a version needs (`pruneHistory`). */
const withoutList = ' As long as this version is kept, old versions of other files take up room on the server, too.';

/** What is wrong with one version and no reason to stop. */
const isProblem = (error: unknown): boolean =>
  isKind(error, 'missing') || isKind(error, 'security') || isKind(error, 'corrupt') || isKind(error, 'version');

function problemOf(error: unknown): string {
  if (isKind(error, 'missing')) return 'A part of it is missing on the server.';
  if (isKind(error, 'security')) return 'A part of it on the server is not what was stored.';
  return 'The local index cannot read what it keeps of it; it can be rebuilt.';
}

function labelOf(path: string, row: VaultRow, info: RevisionInfo): string {
  const notes = [];
  if (row.isDeleted) notes.push('deleted');
  if (info.revision !== row.revision) notes.push(`version ${info.revision}`);
  return notes.length === 0 ? path : `${path} (${notes.join(', ')})`;
}
