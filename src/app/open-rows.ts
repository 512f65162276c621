import { concat } from '../common/bytes.ts';
import { indexBoxOverhead, openIndexBox } from '../crypto/index-box.ts';
import { rowNameLength } from '../vault/ref-box.ts';

/** A row of the index as it was sealed, and the name that it is bound to. */
export interface SealedRow {
  readonly name: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Rows of the index for another thread to open, in few pieces. */
export interface OpenRows {
  readonly key: Uint8Array;
  /** Names of the rows, then their boxes, each one after the other. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

export const packSealed = (key: Uint8Array, rows: readonly SealedRow[]): OpenRows => ({
  key,
  bytes: concat(...rows.map(({ name }) => name), ...rows.map(({ sealed }) => sealed)),
  lengths: rows.map(({ sealed }) => sealed.length),
});

/** The other thread's part: the plaintexts, one after the other. Throws if one of them does not open. */
export function openRows({ key, bytes, lengths }: OpenRows): Uint8Array {
  const plain = new Uint8Array(lengths.reduce((sum, length) => sum + length - indexBoxOverhead, 0));
  let [from, to] = [lengths.length * rowNameLength, 0];
  lengths.forEach((length, i) => {
    const name = bytes.subarray(i * rowNameLength, (i + 1) * rowNameLength);
    const opened = openIndexBox(key, name, bytes.subarray(from, from + length));
    plain.set(opened, to);
    from += length;
    to += opened.length;
  });
  return plain;
}

export function unpackOpened(lengths: readonly number[], plain: Uint8Array): readonly Uint8Array[] {
  let at = 0;
  return lengths.map((length) => {
    const row = plain.subarray(at, at + length - indexBoxOverhead);
    at += row.length;
    return row;
  });
}
