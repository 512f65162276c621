import type { Clock } from '../../common/clock.ts';
import type { VaultId } from '../../common/ids.ts';
import type { Index } from '../../db/index-port.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import type { ContentMover } from '../cycle-context.ts';
import { type ChunkStoreOptions, chunkStore } from './chunk-store.ts';
import type { ContentCrypto } from './content-crypto.ts';
import type { Interruption } from './interruption.ts';
import { objectSource } from './object-source.ts';
import { partOf, type Semaphore, semaphore } from './semaphore.ts';
import { pairBudget, reserveBytes, type TransferBudget } from './transfer-budget.ts';

export interface ContentMoverOptions {
  readonly vault: VaultId;
  readonly index: Index;
  readonly storage: StorageApi;
  readonly budget: TransferBudget;
  readonly clock: Clock;
  readonly onLine: Pick<Interruption, 'signal'>;
  /** Ends what goes on beside cycles. */
  readonly closing: AbortSignal;
  readonly onSending: ChunkStoreOptions['onSending'];
}

const mib = 1024 * 1024;
const budgets = {
  filesUp: 384,
  filesDown: 192,
  requests: 6,
  mostRequests: 8,
  /** Two chunks of 1 MiB, sealed. */
  batchBytes: 2 * mib + 4096,
  batchCount: 256,
};

/** Bytes a second from which on all that is under way goes in some seconds, if a person decides something meanwhile. */
const fastLine = 4 * mib;

/** Moves contents sealed by `crypto`, within the budgets of one pair, and of the device. */
export function contentMover(crypto: ContentCrypto, options: ContentMoverOptions): ContentMover {
  const { budget, clock, closing, index, onLine, onSending, storage, vault } = options;
  const limits = {
    vault,
    maxRequests: budgets.requests,
    mostRequests: budgets.mostRequests,
    roundTrip: () => storage.roundTrip(),
    maxBatchBytes: budgets.batchBytes,
    maxBatchCount: budgets.batchCount,
    signal: () => onLine.signal,
    clock,
  };
  const up = byLine(partOf(budget.up, pairBudget.up, reserveBytes));
  const down = byLine(partOf(budget.down, pairBudget.down, reserveBytes));
  return {
    crypto,
    store: chunkStore({ ...limits, index, crypto, storage, onSending, onRate: up.onRate }),
    source: objectSource({ ...limits, storage, onRate: down.onRate }),
    sourceAside: objectSource({ ...limits, storage, signal: () => closing }),
    memoryUp: up.memory,
    memoryDelta: partOf(budget.delta, pairBudget.delta),
    memoryDown: down.memory,
    turnDown: semaphore(1),
    filesUp: semaphore(budgets.filesUp),
    filesDown: semaphore(budgets.filesDown),
  };
}

/** As long as the line is not known to be fast each takes twice its place, and so half as much is under way. */
function byLine(memory: Semaphore): { readonly memory: Semaphore; readonly onRate: (bytesPerSecond: number) => void } {
  let isFast = false;
  return {
    memory: {
      acquire: (bytes, weight) => memory.acquire(isFast ? bytes : 2 * bytes, weight),
      get used() {
        return memory.used;
      },
    },
    onRate: (bytesPerSecond) => {
      isFast = bytesPerSecond >= fastLine;
    },
  };
}
