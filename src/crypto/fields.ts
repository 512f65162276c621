import { type AnyId, idFrom, idLength } from '../common/ids.ts';
import { type Cbor, decodeCbor } from './cbor.ts';
import { downgraded, notAuthentic, overLimit } from './failure.ts';
import { suite } from './labels.ts';

/** Readers of positional fields (F-CBOR-7). Each throws E_AUTH if the field is not what it has to be. */

export function arrayOf(value: Cbor | undefined, count?: number): readonly Cbor[] {
  if (!Array.isArray(value) || (count !== undefined && value.length !== count)) throw notAuthentic();
  return value as readonly Cbor[];
}

export function bytesOf(value: Cbor | undefined, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length)) throw notAuthentic();
  return value;
}

export const hashOf = (value: Cbor | undefined): Uint8Array => bytesOf(value, 32);

export const idOf = <T extends AnyId>(value: Cbor | undefined): T => idFrom<T>(bytesOf(value, idLength));

export function textOf(value: Cbor | undefined): string {
  if (typeof value !== 'string') throw notAuthentic();
  return value;
}

export function integerOf(value: Cbor | undefined): number {
  if (typeof value !== 'number') throw notAuthentic();
  return value;
}

export function countOf(value: Cbor | undefined, least = 0): number {
  const count = integerOf(value);
  if (count < least) throw notAuthentic();
  return count;
}

export function booleanOf(value: Cbor | undefined): boolean {
  if (typeof value !== 'boolean') throw notAuthentic();
  return value;
}

/** Checks a decoded structure's name, suite and number of elements, in this order (FORMAT.md 2). */
export function structureOf(value: Cbor | undefined, name: string, count: number): readonly Cbor[] {
  const fields = arrayOf(value);
  if (fields[0] !== name) throw notAuthentic();
  if (fields[1] !== suite) throw downgraded();
  if (fields.length !== count) throw notAuthentic();
  return fields;
}

/** Decodes a structure of at most `limit` bytes. Throws E_LIMIT, E_AUTH or E_DOWNGRADE. */
export function decodeStructure(bytes: Uint8Array, name: string, count: number, limit: number): readonly Cbor[] {
  if (bytes.length > limit) throw overLimit();
  return structureOf(decodeCbor(bytes), name, count);
}
