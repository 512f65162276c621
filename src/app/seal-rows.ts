import { concat } from '../common/bytes.ts';
import { freeMemory } from '../common/free-memory.ts';
import type { Random } from '../common/ids.ts';
import { wipe } from '../crypto/constant-time.ts';
import { indexBoxOverhead, sealIndexBox } from '../crypto/index-box.ts';
import type { IndexRow } from '../vault/index-seal.ts';
import { rowNameLength } from '../vault/ref-box.ts';

/** Rows of the index for another thread to seal, in few pieces. */
export interface SealRows {
  readonly key: Uint8Array;
  /** Names of the rows, then their plaintexts, each one after the other. */
  readonly plain: Uint8Array;
  readonly lengths: readonly number[];
}

export const packRows = (key: Uint8Array, rows: readonly IndexRow[]): SealRows => ({
  key,
  plain: concat(...rows.map(({ name }) => name), ...rows.map(({ plain }) => plain)),
  lengths: rows.map(({ plain }) => plain.length),
});

/** The other thread's part: the boxes, one after the other. */
export function sealRows({ key, plain, lengths }: SealRows, random: Random): Uint8Array {
  const boxes = new Uint8Array(lengths.reduce((sum, length) => sum + length + indexBoxOverhead, 0));
  let [from, to] = [lengths.length * rowNameLength, 0];
  lengths.forEach((length, i) => {
    const name = plain.subarray(i * rowNameLength, (i + 1) * rowNameLength);
    const box = sealIndexBox(key, name, plain.subarray(from, from + length), random);
    boxes.set(box, to);
    from += length;
    to += box.length;
  });
  // It holds secrets of chunks.
  wipe(plain);
  freeMemory(plain);
  return boxes;
}

export function unpackRows(lengths: readonly number[], boxes: Uint8Array): readonly Uint8Array[] {
  let at = 0;
  return lengths.map((length) => {
    const box = boxes.subarray(at, at + length + indexBoxOverhead);
    at += box.length;
    return box;
  });
}
