import { freeMemory } from '../../common/free-memory.ts';
import type { Random } from '../../common/ids.ts';
import { wipe } from '../../crypto/constant-time.ts';
import { indexBoxOverhead, rowSealer } from '../../crypto/index-box.ts';
import type { IndexRow } from '../../vault/index-seal.ts';
import { type PackedRows, packRows, unpackRows, workThrough } from './packed-rows.ts';

export const packPlain = (key: Uint8Array, rows: readonly IndexRow[]): PackedRows =>
  packRows(
    key,
    rows.map(({ name }) => name),
    rows.map(({ plain }) => plain),
  );

/** The other thread's part: the boxes, one after the other. */
export function sealRows(rows: PackedRows, random: Random): Uint8Array {
  const boxes = workThrough(rows, indexBoxOverhead, rowSealer(rows.key, random));
  // It holds secrets of chunks.
  wipe(rows.bytes);
  freeMemory(rows.bytes);
  return boxes;
}

export const unpackBoxes = (lengths: readonly number[], boxes: Uint8Array): readonly Uint8Array[] =>
  unpackRows(lengths, indexBoxOverhead, boxes);
