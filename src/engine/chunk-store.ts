import { toHex } from '../common/bytes.ts';
import type { Clock } from '../common/clock.ts';
import { isKind, must } from '../common/errors.ts';
import { freeMemory } from '../common/free-memory.ts';
import type { VaultId } from '../common/ids.ts';
import { err, ok, type Result } from '../common/result.ts';
import type { ChunkRow, Index } from '../db/index-port.ts';
import type { ChunkRef } from '../model/manifest.ts';
import type { StorageApi } from '../remote/storage-api.ts';
import { type BatcherLimits, batcher } from './batcher.ts';
import type { ContentCrypto, SealedPiece } from './content-crypto.ts';
import { refusedOnTheWay } from './op-outcome.ts';

/** Puts plaintext pieces into the vault, each content once: what the index knows to be stored is not sent again. */
export interface ChunkStore {
  /**
   * Resolves when the server has acknowledged the sealed piece and the index remembers it. `plain` must stay as it is
   * until then. `weak` is its rolling checksum, kept for delta.
   */
  store(plain: Uint8Array, weak: number): Promise<StoredChunk>;
  /** Many small ones, each the only chunk of its file, for much less than one by one; what became of each, in their order. */
  storeAll(plains: readonly Uint8Array[]): Promise<readonly Result<StoredChunk, unknown>[]>;
  /** Sealed pages of a manifest. */
  storePage(page: SealedPiece): Promise<void>;
}

export interface StoredChunk {
  readonly ref: ChunkRef;
  readonly hash: Uint8Array;
  /** Sealed bytes that were sent for it; 0 if it was stored already. */
  readonly sentBytes: number;
}

export interface ChunkStoreOptions extends BatcherLimits {
  readonly index: Index;
  readonly crypto: ContentCrypto;
  readonly storage: Pick<StorageApi, 'putObjects'>;
  readonly vault: VaultId;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Acknowledged sealed bytes, for progress. */
  readonly onSent: (bytes: number) => void;
}

interface Waiting {
  readonly piece: SealedPiece;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** A piece that nobody stored before, and whoever waits for it. */
interface Fresh extends PromiseWithResolvers<StoredChunk> {
  readonly plain: Uint8Array;
  readonly hash: Uint8Array;
  readonly key: string;
}

/** One of a batch may be what the server will not take, or their sum: the others need not suffer for it. */
const isOfOne = (error: unknown): boolean =>
  isKind(error, 'limit') || (isKind(error, 'refused') && error.reason === refusedOnTheWay);

export function chunkStore(options: ChunkStoreOptions): ChunkStore {
  const { index, crypto, storage, vault, signal, clock } = options;
  const inFlight = new Map<string, Promise<StoredChunk>>();

  const requests = batcher<Waiting>({
    ...options,
    sizeOf: ({ piece }) => piece.sealed.length,
    send: (batch) => send(batch),
  });
  const send = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const objects = batch.map(({ piece }) => ({ id: piece.objectId, bytes: piece.sealed }));
      await storage.putObjects(vault, objects, { signal });
      options.onSent(objects.reduce((sum, object) => sum + object.bytes.length, 0));
      for (const { done } of batch) done();
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) {
        const half = batch.length >> 1;
        await send(batch.slice(0, half));
        await send(batch.slice(half));
      } else for (const { fail } of batch) fail(error);
    }
  };
  const put = (piece: SealedPiece): Promise<void> => new Promise((done, fail) => requests.add({ piece, done, fail }));

  /** What became of each. */
  const putAll = (pieces: readonly SealedPiece[]): Promise<readonly Result<void, unknown>[]> =>
    new Promise((resolve) => {
      const outcomes: Result<void, unknown>[] = pieces.map(() => ok(undefined));
      let left = pieces.length;
      const end = (at: number, outcome: Result<void, unknown>): void => {
        outcomes[at] = outcome;
        if (--left === 0) resolve(outcomes);
      };
      for (const [at, piece] of pieces.entries()) {
        requests.add({ piece, done: () => end(at, ok(undefined)), fail: (error) => end(at, err(error)) });
      }
    });

  let rows: ChunkRow[] = [];
  let remembered: Promise<void> | null = null;
  /** Many acknowledged pieces in one transaction, before anything builds on them. */
  const remember = (row: ChunkRow): Promise<void> => {
    rows.push(row);
    remembered ??= new Promise((resolve, reject) => {
      void clock.sleep(0).then(() => {
        const group = rows;
        rows = [];
        remembered = null;
        try {
          index.transaction((write) => {
            for (const each of group) write.putChunk(each);
          });
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return remembered;
  };

  const storeNew = async (plain: Uint8Array, weak: number, hash: Uint8Array): Promise<StoredChunk> => {
    const plainLength = plain.length;
    const { sealed, ...ref } = await crypto.sealChunk(plain);
    const sentBytes = sealed.length;
    await put({ ...ref, sealed });
    freeMemory(sealed);
    const sealedRef = crypto.sealRef({ ...ref, plainLength });
    await remember({ hash, objectId: ref.objectId, sealedRef, plainLength, weak, isReferenced: false });
    return { ref, hash, sentBytes };
  };

  /** It is under way, or the index knows it. */
  const storedBefore = (key: string, hash: Uint8Array, length: number): Promise<StoredChunk> | StoredChunk | null => {
    const running = inFlight.get(key);
    if (running !== undefined) return running.then((stored) => ({ ...stored, sentBytes: 0 }));
    const known = index.read.chunkByHash(hash);
    if (known === null || known.plainLength !== length) return null;
    return { ref: crypto.openRef(known.objectId, known.sealedRef), hash, sentBytes: 0 };
  };

  const storeFresh = async (fresh: readonly Fresh[]): Promise<void> => {
    try {
      const chunks = await crypto.sealChunks(fresh.map(({ plain }) => plain));
      const outcomes = await putAll(chunks);
      index.transaction((write) => {
        for (const [at, { objectId, plainLength, sealedRef }] of chunks.entries()) {
          const { hash } = must(fresh[at]);
          if (outcomes[at]?.ok) {
            write.putChunk({ hash, objectId, sealedRef, plainLength, weak: 0, isReferenced: false });
          }
        }
      });
      for (const [at, { hash, resolve, reject }] of fresh.entries()) {
        const [outcome, { sealed, sealedRef: _, ...ref }] = [must(outcomes[at]), must(chunks[at])];
        if (outcome.ok) resolve({ ref, hash, sentBytes: sealed.length });
        else reject(outcome.error);
      }
    } catch (error) {
      for (const { reject } of fresh) reject(error);
    } finally {
      for (const { key } of fresh) inFlight.delete(key);
    }
  };

  return {
    async store(plain, weak) {
      const hash = crypto.localHash(plain);
      const key = toHex(hash);
      const before = storedBefore(key, hash, plain.length);
      if (before !== null) return before;
      const storing = storeNew(plain, weak, hash);
      inFlight.set(key, storing);
      try {
        return await storing;
      } finally {
        inFlight.delete(key);
      }
    },
    async storeAll(plains) {
      const fresh: Fresh[] = [];
      const storing = plains.map((plain) => {
        const hash = crypto.localHash(plain);
        const key = toHex(hash);
        const before = storedBefore(key, hash, plain.length);
        if (before !== null) return before;
        const waiting = Promise.withResolvers<StoredChunk>();
        inFlight.set(key, waiting.promise);
        fresh.push({ plain, hash, key, ...waiting });
        return waiting.promise;
      });
      if (fresh.length > 0) void storeFresh(fresh);
      const ends = await Promise.allSettled(storing);
      return ends.map((end) => (end.status === 'fulfilled' ? ok(end.value) : err(end.reason)));
    },
    storePage: put,
  };
}
