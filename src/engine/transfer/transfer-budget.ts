import { type Semaphore, semaphore } from './semaphore.ts';

/** Bytes of contents in memory, over all pairs of a device: of dozens that are busy at once each has a share of its own. */
export interface TransferBudget {
  readonly up: Semaphore;
  /** Of files that are compared with what the vault has of them. */
  readonly delta: Semaphore;
  readonly down: Semaphore;
}

const mib = 1024 * 1024;

/** Of either direction: what is kept for light files, so that a document need not wait for the pieces of a film. */
export const reserveBytes = 2 * mib;

/** What one pair has of it at most. */
export const pairBudget = {
  /**
   * Eight of the largest chunks: six that are sent, one that is sealed and one that is read; with fewer a fast line waits for
   * them. On another one each takes twice its place.
   */
  up: 32 * mib + reserveBytes,
  /** A file of the largest chunks, and two of others beside it. */
  delta: 32 * mib,
  /**
   * Five of the largest chunks, sealed and plain, one of which is opened and one written: with fewer disks and processors wait for
   * each other. What is sealed is a little longer. On a line that is not fast each takes twice its place, too.
   */
  down: 40 * mib + 8192 + reserveBytes,
};

/** As much as two pairs take, or three of what is compared. */
export const transferBudget = (): TransferBudget => ({
  up: semaphore(2 * pairBudget.up, 2 * reserveBytes),
  delta: semaphore(3 * pairBudget.delta),
  down: semaphore(2 * pairBudget.down, 2 * reserveBytes),
});
