import type { NodeId } from '../../src/common/ids.ts';
import type { Index } from '../../src/db/index-port.ts';
import type { PositionPin } from '../../src/engine/log/standing.ts';
import type { Dice } from './random.ts';

type Pin = ReturnType<PositionPin['read']>;

/** What of a device outlives its processes, besides the folder: the index as a file would hold it, and the pin. */
export interface KeptState {
  index: Uint8Array | null;
  pin: Pin;
  /** What of the vault is not to be on it. */
  selection: readonly NodeId[];
  /** Of how many revocations it has heard. */
  revocations: number;
}

/** An index whose commits are watched, so that a death can come right after one, or take the last ones back. */
export interface WatchedIndex {
  readonly index: Index;
  /** Tells of each commit, after it. */
  onCommit: () => void;
  /** From now on, what a power cut may leave is known: see `afterPowerCut`. */
  expectPowerCut(): void;
  /** The state at one of the commits since the last durable one; the seed says which. */
  afterPowerCut(): Uint8Array;
}

/** SQLite with synchronous=NORMAL: commits since the last durable one may be lost, the latest first. */
export function watchedIndex(index: Index, dice: Dice): WatchedIndex {
  let depth = 0;
  let wasDurable = false;
  let candidate: Uint8Array | null = null;
  let count = 0;

  const committed = (isDurable: boolean): void => {
    if (candidate !== null) {
      count = isDurable ? 1 : count + 1;
      if (isDurable || dice.chance(1 / count)) candidate = index.bytes();
    }
    watched.onCommit();
  };

  const watched: WatchedIndex = {
    index: {
      ...index,
      transaction(change, options) {
        wasDurable = options?.isDurable === true || (depth > 0 && wasDurable);
        depth++;
        let result: ReturnType<typeof change>;
        try {
          result = index.transaction(change, options);
        } finally {
          depth--;
        }
        if (depth === 0) committed(wasDurable);
        return result;
      },
    },
    onCommit: () => undefined,
    expectPowerCut() {
      candidate ??= index.bytes();
      count = Math.max(count, 1);
    },
    afterPowerCut: () => candidate ?? index.bytes(),
  };
  return watched;
}

/** Milliseconds between two writes of the pin file. */
const pinSpacing = 2000;

/** The pin as the app keeps it: written at most every two seconds, and when the pair is closed. */
export function keptPin(
  kept: KeptState,
  monotonic: () => number,
  isAlive: () => boolean,
): PositionPin & { flush(): void } {
  let latest = kept.pin;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (!isAlive()) return;
    kept.pin = latest;
    writtenAt = monotonic();
  };
  return {
    read: () => latest,
    write(pin) {
      latest = { seq: pin.seq, head: pin.head };
      if (monotonic() - writtenAt >= pinSpacing) flush();
    },
    flush,
  };
}
