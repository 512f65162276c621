import type { Clock } from '../../common/clock.ts';
import { isKind, must } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { VaultId } from '../../common/ids.ts';
import { err, ok, type Result } from '../../common/result.ts';
import type { ChunkRow, Index } from '../../db/index-port.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import { refusedOnTheWay } from '../op-outcome.ts';
import { type BatcherLimits, batcher } from './batcher.ts';
import type { ContentCrypto, SealedChunk, SealedChunks, SealedPiece } from './content-crypto.ts';
import type { TransferMeter } from './transfer-meter.ts';
import { textOf, type UnwrittenChunks, unwrittenChunks } from './unwritten-chunks.ts';

/** Puts plaintext pieces into the vault, each content once: what the index knows to be stored is not sent again. */
export interface ChunkStore {
  /**
   * Resolves when the server has acknowledged the sealed piece and the index remembers it. `plain` must stay as it is
   * until then. `weak` is its rolling checksum, kept for delta. `weight`: see `Batcher`.
   */
  store(plain: Uint8Array, weak: number, weight?: number): Promise<StoredChunk>;
  /**
   * Many small ones, each the only chunk of its file, for much less than one by one; what became of each, in their order.
   * The plaintexts are nobody's any more. What was sent is unwritten: the index does not know of it.
   */
  storeAll(plains: readonly Uint8Array[]): Promise<readonly Result<StoredChunk, unknown>[]>;
  readonly unwritten: UnwrittenChunks;
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
  /** Asked for each request. */
  readonly signal: () => AbortSignal;
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
  /** For progress: a request begins. It ends with what was acknowledged of it, counted as it is sealed. */
  readonly onSending: TransferMeter['setOut'];
}

interface Waiting {
  readonly piece: SealedPiece;
  readonly at: number;
  readonly settle: (at: number, end: Result<undefined, unknown>) => void;
}

type Stored = Result<StoredChunk, unknown>;

/** One of a batch may be what the server will not take, or their sum: the others need not suffer for it. */
const isOfOne = (error: unknown): boolean =>
  isKind(error, 'limit') || (isKind(error, 'refused') && error.reason === refusedOnTheWay);

const done = ok(undefined);

export function chunkStore(options: ChunkStoreOptions): ChunkStore {
  const { index, crypto, storage, vault, signal, clock } = options;
  const unwritten = unwrittenChunks(index);
  /** Of what is being stored: asks what becomes of it. */
  const inFlight = new Map<string, () => Promise<Stored>>();

  const requests = batcher<Waiting>({
    ...options,
    sizeOf: ({ piece }) => piece.sealed.length,
    send: (batch, isLight) => send(batch, isLight),
  });
  const send = async (batch: readonly Waiting[], isLight: boolean): Promise<void> => {
    const objects = batch.map(({ piece }) => ({ id: piece.objectId, bytes: piece.sealed }));
    const plain = batch.reduce((sum, { piece }) => sum + piece.plainLength, 0);
    const sealed = batch.reduce((sum, { piece }) => sum + piece.sealed.length, 0);
    const passage = options.onSending(plain, sealed);
    try {
      await storage.putObjects(vault, objects, { signal: signal(), onMoved: passage.moved, isLight });
      passage.end(plain, sealed);
      for (const { at, settle } of batch) settle(at, done);
    } catch (error) {
      passage.end(0);
      if (batch.length > 1 && isOfOne(error)) {
        const half = batch.length >> 1;
        await send(batch.slice(0, half), isLight);
        await send(batch.slice(half), isLight);
      } else for (const { at, settle } of batch) settle(at, err(error));
    }
  };
  /** What became of each, in their order. */
  const put = (pieces: readonly SealedPiece[], weight = 0): Promise<readonly Result<undefined, unknown>[]> =>
    new Promise((resolve) => {
      const ends: Result<undefined, unknown>[] = [];
      let left = pieces.length;
      if (left === 0) resolve(ends);
      const settle: Waiting['settle'] = (at, end) => {
        ends[at] = end;
        if (--left === 0) resolve(ends);
      };
      for (const [at, piece] of pieces.entries()) requests.add({ piece, at, settle }, weight);
    });

  let rows: ChunkRow[] = [];
  let remembered: Promise<void> | null = null;
  /** Many acknowledged pieces in one transaction, before anything builds on them. */
  const remember = (acknowledged: ChunkRow): Promise<void> => {
    rows.push(acknowledged);
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

  const rowOf = ({ localHash, objectId, sealedRef, plainLength }: SealedChunk, weak: number): ChunkRow => ({
    hash: localHash,
    objectId,
    sealedRef,
    plainLength,
    weak,
    isReferenced: false,
  });
  const storedNow = ({ objectId, secret, hash, plainLength, sealed, localHash }: SealedChunk): Stored =>
    ok({ ref: { objectId, secret, hash, plainLength }, hash: localHash, sentBytes: sealed.length });

  /** Null: not yet. */
  const stored = (row: ChunkRow | null, length: number): Stored | null => {
    if (row === null || row.plainLength !== length) return null;
    try {
      return ok({ ref: crypto.openRef(row.objectId, row.sealedRef), hash: row.hash, sentBytes: 0 });
    } catch (error) {
      return err(error);
    }
  };
  const withoutSending = async (running: () => Promise<Stored>): Promise<Stored> => {
    const end = await running();
    return end.ok ? ok({ ...end.value, sentBytes: 0 }) : end;
  };

  const storeOne = async (plain: Uint8Array, weak: number, localHash: Uint8Array, weight: number): Promise<Stored> => {
    try {
      const piece = await crypto.sealChunk(plain);
      const chunk = { ...piece, localHash, sealedRef: crypto.sealRef(piece) };
      const end = must((await put([chunk], weight))[0]);
      if (!end.ok) return end;
      await remember(rowOf(chunk, weak));
      const result = storedNow(chunk);
      freeMemory(piece.sealed);
      return result;
    } catch (error) {
      return err(error);
    }
  };

  /** Those that are stored, or being stored, were sealed for nothing: mostly there are none. */
  const storeSealed = async ({ chunks, free }: SealedChunks): Promise<readonly Stored[]> => {
    const rows = new Map(
      index.read.knownChunks(chunks.map(({ localHash }) => localHash)).map((row) => [textOf(row.hash), row]),
    );
    const fresh: SealedChunk[] = [];
    const places: { readonly at: number; readonly key: string }[] = [];
    const others: Promise<void>[] = [];
    const storing = Promise.withResolvers<readonly Stored[]>();
    const ends = chunks.map((chunk, at) => {
      const { localHash, plainLength } = chunk;
      const key = textOf(localHash);
      const known = stored(unwritten.byHash(localHash) ?? rows.get(key) ?? null, plainLength);
      if (known !== null) return known;
      const running = inFlight.get(key);
      if (running === undefined) {
        const place = fresh.push(chunk) - 1;
        places.push({ at, key });
        inFlight.set(key, async () => must((await storing.promise)[place]));
      } else {
        others.push(
          withoutSending(running).then((end) => {
            ends[at] = end;
          }),
        );
      }
      return null;
    });
    const sent = await put(fresh);
    unwritten.add(fresh.filter((_, place) => must(sent[place]).ok).map((chunk) => rowOf(chunk, 0)));
    const kept = fresh.map((chunk, place): Stored => {
      const end = must(sent[place]);
      return end.ok ? storedNow(chunk) : end;
    });
    for (const [place, { at, key }] of places.entries()) {
      inFlight.delete(key);
      ends[at] = must(kept[place]);
    }
    storing.resolve(kept);
    await Promise.all(others);
    if (kept.every((end) => end.ok)) free();
    return ends.map((end) => must(end));
  };

  return {
    unwritten,
    async store(plain, weak, weight = 0) {
      const hash = crypto.localHash(plain);
      const key = textOf(hash);
      const running = inFlight.get(key);
      const known = (): ChunkRow | null => unwritten.byHash(hash) ?? index.read.chunkByHash(hash);
      let end = running === undefined ? stored(known(), plain.length) : await withoutSending(running);
      if (end === null) {
        const storing = storeOne(plain, weak, hash, weight);
        inFlight.set(key, () => storing);
        end = await storing;
        inFlight.delete(key);
      }
      if (end.ok) return end.value;
      throw end.error;
    },
    async storeAll(plains) {
      if (plains.length === 0) return [];
      try {
        return await storeSealed(await crypto.sealChunks(plains));
      } catch (error) {
        return plains.map(() => err(error));
      }
    },
    async storePage(page) {
      const end = must((await put([page]))[0]);
      if (!end.ok) throw end.error;
    },
  };
}
