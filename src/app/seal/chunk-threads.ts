import { existsSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { HoldfastError } from '../../common/errors.ts';
import type { FetchedChunk, OpenedChunks, SealedChunks, SealedPiece } from '../../engine/transfer/content-crypto.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import type { IndexRow } from '../../vault/index-seal.ts';
import type { ChunkDone, ChunkTask } from './chunk-work.ts';
import type { IndexKeys } from './open-known.ts';
import { packChunks, unpackChunks } from './open-many.ts';
import { packSealed, type SealedRow, unpackOpened } from './open-rows.ts';
import { packPlains, unpackSealed } from './seal-many.ts';
import { packPlain, unpackBoxes } from './seal-rows.ts';

/**
 * Seals and opens chunks in threads beside this one, which goes on with files and network meanwhile. Null: not possible
 * here, or not worth it; the bytes are still the caller's then. Otherwise they are gone, whatever comes of it.
 */
export interface ChunkThreads {
  /** Starts a thread if there is none: that takes longer than to look what there is to do for it. */
  getReady(): void;
  seal(plain: Uint8Array): Promise<SealedPiece> | null;
  open(ref: ChunkRef, sealed: Uint8Array): Promise<Uint8Array> | null;
  /** As `ContentCrypto.ifSealedFrom`. */
  ifSealedFrom(ref: ChunkRef, plain: Uint8Array): Promise<Uint8Array | null> | null;
  openMany(keys: IndexKeys, chunks: readonly FetchedChunk[]): Promise<OpenedChunks> | null;
  sealMany(keys: IndexKeys, plains: readonly Uint8Array[]): Promise<SealedChunks> | null;
  sealRows(key: Uint8Array, rows: readonly IndexRow[]): Promise<readonly Uint8Array[]> | null;
  /** Resolves with null if one of them does not open. Here they stay the caller's. */
  openRows(key: Uint8Array, rows: readonly SealedRow[]): Promise<readonly Uint8Array[] | null> | null;
}

/** What to do with a chunk that a thread could not do: the same here, for its failure. */
export interface ChunkFallback {
  seal(plain: Uint8Array): SealedPiece;
  open(ref: ChunkRef, sealed: Uint8Array): Uint8Array;
  ifSealedFrom(ref: ChunkRef, plain: Uint8Array): Uint8Array | null;
}

/** Below this the way there and back costs more than the work. */
const leastBytes = 128 * 1024;
/** What takes as long as a small box, or the least that a small chunk does. */
const bytesOfOne = 8 * 1024;
/** One thread is left to what asks; more than a few only wait for disk and network. */
const mostThreads = 3;
/** Milliseconds without work after which threads end: an idle program is to be small. */
const idleMs = 5000;

interface Waiting {
  /** Resolves with what came; may throw. */
  readonly settle: (done: ChunkDone) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Among the sources, and in a bundle, where the parts lie one folder below the programs. */
const places = ['./chunk-worker.mjs', './chunk-worker.js', '../chunk-worker.js'];

function findProgram(): URL | null {
  const urls = places.map((place) => new URL(place, import.meta.url));
  return urls.find((url) => existsSync(fileURLToPath(url))) ?? null;
}

/** Where this program keeps compiled code, if it does: Node adds a folder for its own version to it. */
function codeFolder(): string | undefined {
  const folder = getCompileCacheDir();
  return folder === undefined ? undefined : dirname(folder);
}

export function chunkThreads(here: ChunkFallback, program: URL | null = findProgram()): ChunkThreads {
  const most = Math.min(mostThreads, Math.max(1, availableParallelism() - 1));
  const threads: Thread[] = [];
  let lastId = 0;
  let hasFailed = program === null;
  let idle: NodeJS.Timeout | undefined;

  const settle = ({ worker, waiting }: Thread, done: ChunkDone): void => {
    const asked = waiting.get(done.id);
    waiting.delete(done.id);
    if (waiting.size === 0) worker.unref();
    if (asked === undefined) return;
    try {
      asked.settle(done);
    } catch (error) {
      asked.reject(error);
    }
  };

  const end = (thread: Thread): void => {
    const at = threads.indexOf(thread);
    if (at < 0) return;
    threads.splice(at, 1);
    const lost = new HoldfastError('io', 'A thread ended before it was done.', { reason: 'thread' });
    for (const { reject } of thread.waiting.values()) reject(lost);
  };

  const start = (url: URL): Thread => {
    const worker = new Worker(url, {
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
      stdin: false,
      workerData: { codeFolder: codeFolder() },
    });
    const thread: Thread = { worker, waiting: new Map() };
    worker.on('message', (done: ChunkDone) => settle(thread, done));
    worker.on('error', () => {
      // What it could not do once it will not do the next time: from now on all is done here.
      hasFailed = true;
      end(thread);
    });
    worker.on('exit', () => end(thread));
    worker.unref();
    threads.push(thread);
    return thread;
  };

  const choose = (url: URL): Thread => {
    const [first] = threads.toSorted((a, b) => a.waiting.size - b.waiting.size);
    return first === undefined || (first.waiting.size > 0 && threads.length < most) ? start(url) : first;
  };

  const endIdle = (): void => {
    if (threads.some(({ waiting }) => waiting.size > 0)) return void idle?.refresh();
    for (const { worker } of threads.splice(0)) void worker.terminate();
  };

  const stayAwake = (): void => {
    if (idle === undefined) idle = setTimeout(endIdle, idleMs).unref();
    else idle.refresh();
  };

  const ask = <T>(
    makeTask: (id: number) => ChunkTask,
    buffers: readonly Uint8Array[],
    resultOf: (done: ChunkDone) => T,
    count = 0,
  ): Promise<T> | null => {
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, count * bytesOfOne);
    const memory = wholeMemory(buffers);
    if (hasFailed || program === null || bytes < leastBytes || memory === null) return null;
    const thread = choose(program);
    const id = ++lastId;
    stayAwake();
    return new Promise<T>((resolve, reject) => {
      thread.waiting.set(id, { settle: (done) => resolve(resultOf(done)), reject });
      thread.worker.ref();
      thread.worker.postMessage(makeTask(id), memory);
    });
  };

  return {
    getReady: () => {
      if (hasFailed || program === null || threads.length > 0) return;
      start(program);
      stayAwake();
    },
    seal: (plain) =>
      ask(
        (id) => ({ id, type: 'seal', bytes: plain }),
        [plain],
        (done) => {
          if (done.type === 'sealed') return { ...done.ref, sealed: done.bytes };
          return here.seal(bytesOf(done));
        },
      ),
    open: (ref, sealed) =>
      ask(
        (id) => ({ id, type: 'open', bytes: sealed, ref }),
        [sealed],
        (done) => (done.type === 'opened' ? done.bytes : here.open(ref, bytesOf(done))),
      ),
    ifSealedFrom: (ref, plain) =>
      ask(
        (id) => ({ id, type: 'compare', bytes: plain, ref }),
        [plain],
        (done) => {
          if (done.type === 'other') return null;
          return done.type === 'same' ? done.bytes : here.ifSealedFrom(ref, bytesOf(done));
        },
      ),
    openMany: (keys, chunks) => {
      const many = packChunks(keys, chunks);
      return ask(
        (id) => ({ id, type: 'open-many', many }),
        many.sealed,
        (done) => {
          if (done.type === 'opened-many') return unpackChunks(many, done.many);
          throw answeredElse();
        },
        chunks.length,
      );
    },
    sealMany: (keys, plains) => {
      const many = packPlains(keys, plains);
      const { lengths } = many;
      return ask(
        (id) => ({ id, type: 'seal-many', many }),
        [many.plain],
        (done) => {
          if (done.type === 'sealed-many') return unpackSealed(lengths, done.many);
          throw answeredElse();
        },
        plains.length,
      );
    },
    sealRows: (key, rows) => {
      const packed = packPlain(key, rows);
      const { bytes, lengths } = packed;
      return ask(
        (id) => ({ id, type: 'seal-rows', rows: packed }),
        [bytes],
        (done) => unpackBoxes(lengths, bytesOf(done)),
        rows.length,
      );
    },
    openRows: (key, rows) => {
      const packed = packSealed(key, rows);
      const { bytes, lengths } = packed;
      return ask(
        (id) => ({ id, type: 'open-rows', ...packed }),
        [bytes],
        (done) => (done.type === 'opened-rows' ? unpackOpened(lengths, done.bytes) : null),
        rows.length,
      );
    },
  };
}

function bytesOf(done: ChunkDone): Uint8Array {
  if ('bytes' in done) return done.bytes;
  throw answeredElse();
}

const answeredElse = (): HoldfastError => new HoldfastError('bug', 'a thread answered something else');

/** What is behind these bytes; null if most of it is others': they would lose theirs. */
function wholeMemory(parts: readonly Uint8Array[]): ArrayBuffer[] | null {
  const used = new Map<ArrayBuffer, number>();
  for (const { buffer, length } of parts) {
    if (!(buffer instanceof ArrayBuffer)) return null;
    used.set(buffer, (used.get(buffer) ?? 0) + length);
  }
  for (const [buffer, bytes] of used) if (bytes * 2 <= buffer.byteLength) return null;
  return [...used.keys()];
}
