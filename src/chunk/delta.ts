import { isEqual } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { type FileReader, type FileWindow, openWindow } from './file-window.ts';
import { longestOf, type PreviousChunk, type PreviousChunks, previousChunks } from './previous-chunks.ts';
import { type Roll, rollOn, weakSum } from './weak-sum.ts';

/** A run of the new file. Runs come in order, without gaps or overlaps. */
export type Piece =
  /** The previous chunk `index`, whole, is here. */
  | { readonly kind: 'reuse'; readonly index: number; readonly offset: number; readonly length: number }
  /** New bytes, at most a chunk. The view is valid until the next piece is asked for. */
  | { readonly kind: 'new'; readonly offset: number; readonly length: number; readonly bytes: Uint8Array }
  /** The last thing yielded, instead of the rest: too many small pieces; forget them and split the file anew. */
  | { readonly kind: 'fragmented' };

export interface DeltaInput {
  readonly reader: FileReader;
  /** The previous revision's chunks, in order. */
  readonly previous: readonly PreviousChunk[];
  /** The hash in `previous[].strong`; decides alone what is equal. */
  readonly strongHash: (bytes: Uint8Array) => Uint8Array;
  /** Longest new piece, in bytes; usually `chunkSizeForDelta`. */
  readonly chunkSize: number;
}

/** What a window holds: the new bytes that are not given out yet, what is looked at, and what is read in advance. */
function windowOf({ chunkSize, previous }: DeltaInput) {
  const span = Math.max(chunkSize, longestOf(previous));
  return { span, capacity: chunkSize + 3 * span, ahead: span };
}

/** Bytes of the file that a delta holds in memory at most. */
export function deltaBytes(input: DeltaInput): number {
  const { capacity, ahead } = windowOf(input);
  return Math.min(capacity + ahead, input.reader.size);
}

/**
 * How the new content is made of the previous chunks and as little new data as is sensible, wherever bytes were inserted,
 * removed or moved (the idea of rsync: a rolling checksum proposes, a strong hash decides). Reads the file once; holds a
 * few chunks in memory. Where nothing changed, it only computes strong hashes; it rolls only over what changed.
 *
 * A reused chunk of less than half a chunk size next to new bytes is sent again with them, so that appending or editing
 * over and over does not crumble the file.
 * @throws HoldfastError `conflict` if the file becomes shorter while it is read
 */
export async function* deltaPieces(input: DeltaInput): AsyncGenerator<Piece> {
  const old = previousChunks(input.previous, input.reader.size, input.chunkSize / 2);
  const { span, capacity, ahead } = windowOf(input);
  const window = openWindow(input.reader, capacity, ahead);
  try {
    yield* piecesIn(window, span, old, input);
  } finally {
    // Whoever wants no more of them closes the file.
    await window.rest();
  }
}

async function* piecesIn(
  window: FileWindow,
  span: number,
  old: PreviousChunks,
  { reader, strongHash, chunkSize }: DeltaInput,
): AsyncGenerator<Piece> {
  const { size } = reader;
  const short = chunkSize / 2;
  const mostPieces = 2 * Math.ceil(size / chunkSize) + 16;

  let ready: Piece[] = [];
  let count = 0;
  const put = (piece: Piece): void => {
    ready.push(piece);
    count++;
  };

  let at = 0;
  /** Start of the new bytes that are not yet a piece; they end at `at`. */
  let gap: number | null = null;
  /** A short reused chunk that ends at `at`, not given out yet. */
  let held: PreviousChunk | null = null;
  /** Order of the chunk that comes next if nothing changes. */
  let expected = 0;

  const keepFrom = (): number => gap ?? at - (held?.plainLength ?? 0);

  const giveHeld = (): void => {
    if (held) put({ kind: 'reuse', index: held.index, offset: at - held.plainLength, length: held.plainLength });
    held = null;
  };

  const giveGap = (all: boolean): void => {
    while (gap !== null && (at - gap >= chunkSize || all)) {
      const length = Math.min(chunkSize, at - gap);
      put({ kind: 'new', offset: gap, length, bytes: window.view(gap, length) });
      gap = gap + length < at ? gap + length : null;
    }
  };

  /** `length` bytes from `at` on are new. */
  const skip = (length: number): void => {
    if (length === 0) return;
    gap ??= at - (held?.plainLength ?? 0);
    held = null;
    at += length;
  };

  const reuse = (order: number): void => {
    const chunk = must(old.list[order]);
    expected = order + 1;
    const isShort = chunk.plainLength < short;
    if (isShort && gap !== null && at - gap + chunk.plainLength <= chunkSize) {
      at += chunk.plainLength;
      return;
    }
    giveGap(true);
    giveHeld();
    at += chunk.plainLength;
    held = chunk;
    if (!isShort) giveHeld();
  };

  /** Strong hashes at one place, since several questions are asked there. */
  let hashedAt = -1;
  const hashed = new Map<number, Uint8Array>();
  const hashAt = (offset: number, length: number): Uint8Array => {
    if (hashedAt !== offset) hashed.clear();
    hashedAt = offset;
    let hash = hashed.get(length);
    if (!hash) {
      hash = strongHash(window.view(offset, length));
      hashed.set(length, hash);
    }
    return hash;
  };

  const isThere = (order: number, offset: number): boolean => {
    const chunk = old.list[order];
    return (
      chunk !== undefined &&
      offset + chunk.plainLength <= size &&
      isEqual(hashAt(offset, chunk.plainLength), chunk.strong)
    );
  };

  const expectedHere = (): number | null => {
    if (isThere(expected, at)) return expected;
    return old.startingAt(at).find((order) => isThere(order, at)) ?? null;
  };

  const hasWindow = (): boolean => old.window > 0 && at + old.window <= size;
  const roll: Roll = { at: 0, sum: 0 };
  /** Whether `roll` is the checksum of the window at `at`. */
  let isRolling = false;

  const findRolled = (): number | null => old.find(roll.sum, () => hashAt(at, old.window));

  while (at < size) {
    // One byte more than the window: it has to roll.
    await window.load(keepFrom(), at + span + 1);
    let order = isRolling ? null : expectedHere();
    if (order === null && !isRolling && hasWindow()) {
      roll.sum = weakSum(window.view(at, old.head));
      isRolling = true;
      order = findRolled();
      if (order === null) {
        // Overwritten in place? Then the chunk after the next one is where it would be.
        const next = old.list[expected]?.plainLength ?? size;
        const after = old.list[expected + 1]?.plainLength ?? size;
        if (at + next + after <= size) {
          await window.load(keepFrom(), at + next + after);
          if (isThere(expected + 1, at + next)) {
            skip(next);
            order = expected + 1;
          }
        }
      }
    }
    if (order === null) {
      const stop = Math.min(old.nextOdd(at), (gap ?? keepFrom()) + chunkSize, size);
      if (hasWindow()) {
        const first = at;
        roll.at = window.indexOf(at);
        const last = Math.min(stop, size - old.window, window.end() - old.window);
        const isHit = rollOn(window.buffer, roll, window.indexOf(last), old.head, old.leaving, old.filter());
        skip(roll.at - window.indexOf(first));
        if (isHit) order = findRolled();
        if (at === size - old.window && order === null) {
          // The window cannot roll further; what is left is new, or a shorter chunk in its place.
          isRolling = false;
          skip(Math.min(old.nextOdd(at), (gap ?? at) + chunkSize, size) - at);
        }
      } else {
        isRolling = false;
        skip(stop - at);
      }
    }
    if (order === null && at < size && old.startingAt(at).length > 0) {
      await window.load(keepFrom(), at + span);
      order = old.startingAt(at).find((candidate) => isThere(candidate, at)) ?? null;
    }
    if (order === null) giveGap(false);
    else {
      reuse(order);
      isRolling = false;
    }
    if (count > mostPieces) {
      yield { kind: 'fragmented' };
      return;
    }
    yield* ready;
    ready = [];
  }
  giveGap(true);
  giveHeld();
  yield* ready;
}
