import { isEqual } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { headLength, leavingTable, type SumFilter, sumFilter } from './weak-sum.ts';

/** A chunk of the previous revision, as the local index remembers it. */
export interface PreviousChunk {
  /** Its place in the previous manifest; handed back with the piece that reuses it. */
  readonly index: number;
  /** Its `headSum`. */
  readonly weak: number;
  readonly plainLength: number;
  readonly strong: Uint8Array;
}

/** Bytes of the longest; 0 of none. */
export const longestOf = (chunks: readonly PreviousChunk[]): number =>
  chunks.reduce((most, { plainLength }) => Math.max(most, plainLength), 0);

/** The previous chunks as delta asks for them. A chunk's order is its position in the list given. */
export interface PreviousChunks {
  readonly list: readonly PreviousChunk[];
  /** Length of the chunks that are found anywhere: the commonest among those worth it; 0 if there are none. */
  readonly window: number;
  /** Length of the window that rolls: their heads. */
  readonly head: number;
  readonly leaving: Int32Array;
  /** The checksums of the heads of chunks of that length, but for those that were given up. */
  filter(): SumFilter;
  /** Orders of the chunks that began here in the old file, counted from its start and from its end. */
  startingAt(offset: number): readonly number[];
  /** The first offset after `offset` at which a chunk may begin that the rolling window does not find. */
  nextOdd(offset: number): number;
  /** Order of the chunk with these hashes, at whatever place it was; `strong` is computed when `weak` is known. */
  find(weak: number, strong: () => Uint8Array): number | null;
}

/** A checksum whose strong hash failed so often is given up: nobody may make a scan slow by crafted collisions. */
const mostMisses = 16;

/**
 * @param size bytes of the new file
 * @param shortest chunks below this length are found only where they are expected
 */
export function previousChunks(list: readonly PreviousChunk[], size: number, shortest: number): PreviousChunks {
  const window = commonestLength(list, shortest);
  const head = Math.min(window, headLength);
  const sums = new Map<number, { orders: number[]; misses: number }>();
  const starts = new Map<number, number[]>();
  const odd = new Set<number>();
  const oldSize = list.reduce((sum, chunk) => sum + chunk.plainLength, 0);
  let begin = 0;
  for (const [order, chunk] of list.entries()) {
    for (const offset of new Set([begin, begin + size - oldSize])) {
      if (offset < 0 || offset + chunk.plainLength > size) continue;
      const there = starts.get(offset);
      if (there) there.push(order);
      else starts.set(offset, [order]);
      if (chunk.plainLength !== window) odd.add(offset);
    }
    begin += chunk.plainLength;
    if (chunk.plainLength === window) remember(chunk, order);
  }

  function remember(chunk: PreviousChunk, order: number): void {
    const known = sums.get(chunk.weak);
    if (!known) sums.set(chunk.weak, { orders: [order], misses: 0 });
    // Equal chunks (a run of zeros) are one entry; after it, the next in order is expected anyway.
    else if (!known.orders.some((other) => isEqual(must(list[other]).strong, chunk.strong))) known.orders.push(order);
  }

  const oddOffsets = Float64Array.from(odd).sort();
  let oddAt = 0;
  let filter = sumFilter(sums);

  /** Else what rolls would stop for it again and again: at each place of a run of zeros, if a chunk begins with zeros. */
  function giveUp(weak: number): void {
    sums.delete(weak);
    filter = sumFilter(sums);
  }

  return {
    list,
    window,
    head,
    leaving: leavingTable(head),
    filter: () => filter,
    startingAt: (offset) => starts.get(offset) ?? [],
    nextOdd(offset) {
      // Only ever asked further on.
      while ((oddOffsets[oddAt] ?? Number.POSITIVE_INFINITY) <= offset) oddAt++;
      return oddOffsets[oddAt] ?? Number.POSITIVE_INFINITY;
    },
    find(weak, strong) {
      const known = sums.get(weak);
      if (!known) return null;
      const hash = strong();
      const order = known.orders.find((candidate) => isEqual(must(list[candidate]).strong, hash));
      if (order === undefined && ++known.misses > mostMisses) giveUp(weak);
      return order ?? null;
    },
  };
}

function commonestLength(list: readonly PreviousChunk[], shortest: number): number {
  const counts = new Map<number, number>();
  let best = 0;
  for (const { plainLength } of list) {
    if (plainLength < shortest) continue;
    const count = (counts.get(plainLength) ?? 0) + 1;
    counts.set(plainLength, count);
    const champion = counts.get(best) ?? 0;
    if (count > champion || (count === champion && plainLength > best)) best = plainLength;
  }
  return best;
}
