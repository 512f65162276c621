import { indexBoxOverhead, openIndexBox } from '../../crypto/index-box.ts';
import { type PackedRows, packRows, unpackRows, workThrough } from './packed-rows.ts';

/** A row of the index as it was sealed, and the name that it is bound to. */
export interface SealedRow {
  readonly name: Uint8Array;
  readonly sealed: Uint8Array;
}

export const packSealed = (key: Uint8Array, rows: readonly SealedRow[]): PackedRows =>
  packRows(
    key,
    rows.map(({ name }) => name),
    rows.map(({ sealed }) => sealed),
  );

/** The other thread's part: the plaintexts, one after the other. Throws if one of them does not open. */
export const openRows = (rows: PackedRows): Uint8Array =>
  workThrough(rows, -indexBoxOverhead, (name, sealed) => openIndexBox(rows.key, name, sealed));

export const unpackOpened = (lengths: readonly number[], plain: Uint8Array): readonly Uint8Array[] =>
  unpackRows(lengths, -indexBoxOverhead, plain);
