import type { AnyId } from '../common/ids.ts';
import type { NodeKind } from '../model/node.ts';
import type { SqlRow } from './connection.ts';
import { corruptIndex } from './sql-error.ts';

/** How values are stored, and read back. What cannot have been written by us is `corrupt`. */

export const idBlob = (id: AnyId): Buffer => Buffer.from(id, 'hex');

/** First 48 bits of an id. */
export const idPrefix = (id: AnyId): number => Number.parseInt(id.slice(0, 12), 16);

/** First 48 bits of a hash. */
export const hashPrefix = (hash: Uint8Array): number => Buffer.from(hash.buffer, hash.byteOffset, 6).readUIntBE(0, 6);

/** How an id is selected: as text, since making a Buffer costs more than all else in reading a row. */
export const idText = (column: string): string => `lower(hex(${column}))`;

export function idValue<T extends AnyId>(value: unknown): T {
  if (typeof value !== 'string' || value.length !== 32) throw corruptIndex();
  return value as T;
}

/** The hex of null is the empty text. */
export const idOrNull = <T extends AnyId>(value: unknown): T | null => (value === '' ? null : idValue<T>(value));

export const blobOrNull = (id: AnyId | null): Buffer | null => (id === null ? null : idBlob(id));

/** Of a query that finds one row at most. */
export const orNull = <T>(row: SqlRow | undefined, decode: (row: SqlRow) => T): T | null =>
  row === undefined ? null : decode(row);

export function bytesValue(value: unknown): Uint8Array {
  if (!Buffer.isBuffer(value)) throw corruptIndex();
  return new Uint8Array(value.buffer, value.byteOffset, value.length);
}

export function numberValue(value: unknown): number {
  if (typeof value !== 'number') throw corruptIndex();
  return value;
}

export function textValue(value: unknown): string {
  if (typeof value !== 'string') throw corruptIndex();
  return value;
}

export const textOrNull = (value: unknown): string | null => (value === null ? null : textValue(value));

export const kindNumber = (kind: NodeKind): number => (kind === 'file' ? 1 : 0);
export const kindValue = (value: unknown): NodeKind => (numberValue(value) === 1 ? 'file' : 'folder');

export const flag = (value: boolean): number => (value ? 1 : 0);

export function jsonValue(value: unknown): unknown {
  try {
    return JSON.parse(textValue(value));
  } catch (error) {
    throw corruptIndex(error);
  }
}
