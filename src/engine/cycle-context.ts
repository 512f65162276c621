import type { RelativePath } from '../common/relative-path.ts';
import type { LocalContext } from './context.ts';
import type { IssueBook } from './issue-book.ts';
import type { VaultLog } from './log/vault-log.ts';
import type { RecentDeletes } from './loop/recent-deletes.ts';
import type { News } from './loop/round-end.ts';
import type { Restless } from './observe/restless.ts';
import type { Selection } from './selection/selection.ts';
import type { LeftOut } from './status/left-out.ts';
import type { ChunkStore } from './transfer/chunk-store.ts';
import type { ContentCrypto } from './transfer/content-crypto.ts';
import type { BatchSource, ObjectSource } from './transfer/object-source.ts';
import type { Semaphore } from './transfer/semaphore.ts';
import type { TransferMeter } from './transfer/transfer-meter.ts';
import type { WorkDone } from './work-done.ts';

/** Moving of contents, with its budgets. */
export interface ContentMover {
  readonly crypto: ContentCrypto;
  readonly store: ChunkStore;
  readonly source: ObjectSource & BatchSource;
  /** For what runs beside cycles: it goes on when one is interrupted. */
  readonly sourceAside: ObjectSource;
  readonly memoryUp: Semaphore;
  readonly memoryDelta: Semaphore;
  readonly memoryDown: Semaphore;
  readonly turnDown: Semaphore;
  readonly filesUp: Semaphore;
  readonly filesDown: Semaphore;
}

/** What one cycle of a pair works with. */
export interface CycleContext {
  readonly local: LocalContext;
  /** The local tree is in line with the disk; what is ignored, or deselected, may be something else than before. */
  readonly onObserved: () => void;
  readonly log: VaultLog;
  /** Fetches and applies what the vault has gained. */
  readonly pull: () => Promise<void>;
  readonly content: ContentMover;
  readonly issues: IssueBook;
  readonly selection: Selection;
  readonly leftOut: LeftOut;
  readonly restless: Restless;
  readonly recentDeletes: RecentDeletes;
  readonly up: TransferMeter;
  readonly down: TransferMeter;
  /** Grows with each round. */
  readonly work: WorkDone;
  /** Both were kept, at last in this folder. */
  readonly onConflict: (folder: RelativePath) => void;
  readonly deviceName: string;
  readonly newNodesInPlan: number;
  readonly smallBytes: number;
  /** What came since the cycle looked. */
  readonly news: News;
  /** See `LoopTimes`. */
  readonly leaveAfterMs: number;
  readonly signal: AbortSignal;
  /** A person paused, or waits for a command, or the app closes: finish what runs, begin nothing new. */
  readonly isStopping: () => boolean;
}
