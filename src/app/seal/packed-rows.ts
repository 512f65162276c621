import { concat } from '../../common/bytes.ts';
import { rowNameLength } from '../../vault/ref-box.ts';

/** Rows of the index for another thread, in few pieces. */
export interface PackedRows {
  readonly key: Uint8Array;
  /** Names of the rows, then what is to be sealed or opened of each, one after the other. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

export const packRows = (key: Uint8Array, names: readonly Uint8Array[], parts: readonly Uint8Array[]): PackedRows => ({
  key,
  bytes: concat(...names, ...parts),
  lengths: parts.map(({ length }) => length),
});

/** What `work` makes of each, one after the other: `longer` bytes more than it was. */
export function workThrough(
  { bytes, lengths }: PackedRows,
  longer: number,
  work: (name: Uint8Array, part: Uint8Array) => Uint8Array,
): Uint8Array {
  const all = new Uint8Array(lengths.reduce((sum, length) => sum + length + longer, 0));
  let [from, to] = [lengths.length * rowNameLength, 0];
  lengths.forEach((length, i) => {
    const name = bytes.subarray(i * rowNameLength, (i + 1) * rowNameLength);
    const made = work(name, bytes.subarray(from, from + length));
    all.set(made, to);
    from += length;
    to += made.length;
  });
  return all;
}

/** What was made of each. */
export function unpackRows(lengths: readonly number[], longer: number, all: Uint8Array): readonly Uint8Array[] {
  let at = 0;
  return lengths.map((length) => {
    const made = all.subarray(at, at + length + longer);
    at += made.length;
    return made;
  });
}
