import { HoldfastError, must } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Index } from '../../db/index-port.ts';
import type { VaultApi } from '../../remote/storage-api.ts';
import type { Author } from '../../vault/author.ts';
import { checkPinned } from '../../vault/position.ts';
import { checkpointSeq, readState } from '../../vault/read-checkpoint.ts';
import type { StateRow } from '../../vault/state-row.ts';
import type { RawCheckpoint } from '../../vault/write-checkpoint.ts';
import { isPassing } from '../passing-failure.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { type SealedAhead, sealStateRows } from '../up/seal-ahead.ts';
import { openWithGrants, type WithGrants } from './open-checkpoint.ts';
import { underNewestChain } from './open-fetched.ts';
import { stateWriter } from './state-rows.ts';
import type { AccountAccess, VaultLog } from './vault-log.ts';

export interface BootstrapParts {
  readonly index: Index;
  readonly log: VaultLog;
  readonly storage: Pick<VaultApi, 'getCheckpoint' | 'getGrants' | 'getObjects'>;
  readonly account: AccountAccess;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Set while rows are in the index that no verified position stands for yet. */
export const bootstrappingKey = 'bootstrapping';

/**
 * Lets an index that knows nothing of the vault start from the latest checkpoint instead of the first entry. False if
 * there is none to start from: then the log is replayed whole, which comes to the same. Throws a security stop, which
 * freezes the vault, or what the account says when it is asked for.
 */
export async function bootstrapFromCheckpoint(parts: BootstrapParts): Promise<boolean> {
  const { index, log, storage, account, signal, logger } = parts;
  const { seq, frozen, vault } = log.position;
  const counts = index.read.counts();
  if (seq !== 0 || frozen !== null || counts.remoteNodes + counts.deletedNodes > 0) return false;
  // Whether its author was removed (F-CKPT-4) is not known to who has not asked; later is too late.
  await account.refreshIfDue(signal);
  try {
    const raw = await storage.getCheckpoint(vault, { signal });
    if (raw === null || isBeyondPin(log, raw)) return false;
    const checkpoint = await openTrusted(parts, raw);
    await takeOver(parts, checkpoint);
    logger.log('info', 'started from a checkpoint', { seq: checkpoint.opened.position.seq });
    return true;
  } catch (error) {
    if (index.read.meta(bootstrappingKey) === true) {
      index.transaction((write) => {
        write.forgetVault();
        write.setMeta(bootstrappingKey, undefined);
      });
    }
    if (signal.aborted || !(error instanceof HoldfastError)) throw error;
    if (error.kind === 'security') return log.freeze(error);
    if (!isPassing(error)) throw error;
    logger.log('info', 'the log is replayed without a checkpoint', { kind: error.kind, reason: error.reason });
    return false;
  }
}

/** A device that has seen a place in the log and lost its index must come by that place again, to see that it is the same. */
const isBeyondPin = ({ pinned }: VaultLog, raw: RawCheckpoint): boolean =>
  pinned !== null && checkpointSeq(raw) > pinned.seq;

async function openTrusted({ log, storage, account, signal }: BootstrapParts, raw: RawCheckpoint): Promise<WithGrants> {
  const open = ({ chain }: Author): Promise<WithGrants> => openWithGrants(storage, log, chain, raw, signal);
  const trusted = await underNewestChain(account, open, signal);
  checkPinned(log.pinned, trusted.opened.position);
  return trusted;
}

interface SealedPage {
  readonly rows: readonly StateRow[];
  readonly sealed: SealedAhead;
}

/** Each page is sealed in a thread while the one before it is written here. */
async function* sealedPages(
  crypto: Pick<ContentCrypto, 'sealManifests'>,
  pages: AsyncIterable<readonly StateRow[]>,
): AsyncGenerator<SealedPage> {
  let last: { readonly rows: readonly StateRow[]; readonly sealing: Promise<SealedAhead> } | null = null;
  for await (const rows of pages) {
    const before = last;
    last = { rows, sealing: sealStateRows(crypto, rows) };
    if (before !== null) yield { rows: before.rows, sealed: await before.sealing };
  }
  if (last !== null) yield { rows: last.rows, sealed: await last.sealing };
}

/** Page by page, so that memory stays at a few; the position comes last, in one transaction with the end of all doubt. */
async function takeOver(
  { index, log, storage, signal }: BootstrapParts,
  { opened, grants }: WithGrants,
): Promise<void> {
  const { position, keyRing, pages } = opened;
  const ids = pages.map((page) => page.objectId);
  const objects = storage.getObjects(position.vault, ids, { signal })[Symbol.asyncIterator]();
  const fetchPage = async (): Promise<Uint8Array> => {
    const next = await objects.next();
    const bytes = next.done === true ? null : next.value.bytes;
    if (bytes === null) throw new HoldfastError('missing', 'The server lacks a part of the checkpoint.');
    return bytes;
  };
  const crypto = log.cryptoUnder(keyRing);
  // A node is written with the rows that follow its own, which may be on the next page.
  let [before, now]: SealedAhead[] = [];
  const state = stateWriter({
    sealManifest: (manifest) => now?.get(manifest) ?? before?.get(manifest) ?? crypto.sealManifest(manifest),
  });
  index.transaction((write) => {
    write.setMeta(bootstrappingKey, true);
    write.beginVaultLoad();
  });
  try {
    for await (const { rows, sealed } of sealedPages(crypto, readState(opened, fetchPage))) {
      [before, now] = [now, sealed];
      index.transaction((write) => {
        for (const row of rows) state.add(write, row);
      });
    }
  } finally {
    await objects.return?.();
  }
  log.adoptState(position, keyRing, (write) => {
    state.finish(write);
    write.endVaultLoad();
    for (const epoch of grants.keys()) log.rememberGrants(epoch, must(grants.get(epoch)));
    write.setMeta(bootstrappingKey, undefined);
  });
  log.noteCheckpoint(position.seq);
}
