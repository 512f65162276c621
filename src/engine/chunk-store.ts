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
import type { ContentCrypto, SealedChunk, SealedPiece } from './content-crypto.ts';
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

  const sealOne = async (plain: Uint8Array): Promise<SealedChunk> => {
    const piece = await crypto.sealChunk(plain);
    return { ...piece, sealedRef: crypto.sealRef(piece) };
  };

  const keep = async (sealing: Promise<SealedChunk>, weak: number, hash: Uint8Array): Promise<StoredChunk> => {
    const { sealed, sealedRef, ...ref } = await sealing;
    const { objectId, plainLength } = ref;
    const sentBytes = sealed.length;
    await put({ ...ref, sealed });
    freeMemory(sealed);
    await remember({ hash, objectId, sealedRef, plainLength, weak, isReferenced: false });
    return { ref, hash, sentBytes };
  };

  /** Sealed and sent only if nobody does or did it. */
  const storeOnce = async (plain: Uint8Array, weak: number, seal: () => Promise<SealedChunk>): Promise<StoredChunk> => {
    const hash = crypto.localHash(plain);
    const key = toHex(hash);
    const running = inFlight.get(key);
    if (running !== undefined) return { ...(await running), sentBytes: 0 };
    const known = index.read.chunkByHash(hash);
    if (known !== null && known.plainLength === plain.length) {
      return { ref: crypto.openRef(known.objectId, known.sealedRef), hash, sentBytes: 0 };
    }
    const storing = keep(seal(), weak, hash);
    inFlight.set(key, storing);
    try {
      return await storing;
    } finally {
      inFlight.delete(key);
    }
  };

  return {
    store: (plain, weak) => storeOnce(plain, weak, () => sealOne(plain)),
    async storeAll(plains) {
      const fresh: Uint8Array[] = [];
      const sealing = Promise.withResolvers<readonly SealedChunk[]>();
      const storing = plains.map((plain) =>
        storeOnce(plain, 0, async () => {
          const at = fresh.push(plain) - 1;
          return must((await sealing.promise)[at]);
        }),
      );
      if (fresh.length > 0) crypto.sealChunks(fresh).then(sealing.resolve, sealing.reject);
      const ends = await Promise.allSettled(storing);
      return ends.map((end) => (end.status === 'fulfilled' ? ok(end.value) : err(end.reason)));
    },
    storePage: put,
  };
}
