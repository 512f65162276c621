import { toHex } from '../../common/bytes.ts';
import { type Cbor, decodeCbor } from '../../crypto/cbor.ts';
import { downgraded, notAuthentic, overLimit } from '../../crypto/failure.ts';

/**
 * Reads the elements of an array one after the other (FORMAT.md 2). Each call throws E_AUTH if the next element is not of
 * that kind; `end` if one is left.
 */
export interface Fields {
  /** 16 bytes, as 32 hexadecimal digits. */
  id(): string;
  hash(): Uint8Array;
  /** A byte string of exactly so many bytes, or of any length. */
  bytes(length?: number): Uint8Array;
  text(): string;
  integer(): number;
  /** An integer that is not negative. */
  count(): number;
  boolean(): boolean;
  null(): void;
  fields(): Fields;
  /** All that is left; how many is up to the caller. */
  rest(): readonly Cbor[];
  end(): void;
}

export function fieldsOf(value: Cbor | undefined): Fields {
  if (!Array.isArray(value)) throw notAuthentic();
  const elements: readonly Cbor[] = value;
  let at = 0;
  const next = (): Cbor => {
    if (at >= elements.length) throw notAuthentic();
    return elements[at++] as Cbor;
  };
  const bytes = (length?: number): Uint8Array => {
    const element = next();
    if (!(element instanceof Uint8Array) || (length !== undefined && element.length !== length)) throw notAuthentic();
    return element;
  };
  const integer = (): number => {
    const element = next();
    if (typeof element !== 'number') throw notAuthentic();
    return element;
  };
  return {
    id: () => toHex(bytes(16)),
    hash: () => bytes(32),
    bytes,
    text: () => {
      const element = next();
      if (typeof element !== 'string') throw notAuthentic();
      return element;
    },
    integer,
    count: () => {
      const count = integer();
      if (count < 0) throw notAuthentic();
      return count;
    },
    boolean: () => {
      const element = next();
      if (typeof element !== 'boolean') throw notAuthentic();
      return element;
    },
    null: () => {
      if (next() !== null) throw notAuthentic();
    },
    fields: () => fieldsOf(next()),
    rest: () => {
      const rest = elements.slice(at);
      at = elements.length;
      return rest;
    },
    end: () => {
      if (at !== elements.length) throw notAuthentic();
    },
  };
}

/** The fields after name and suite of a structure. */
export function structureOf(value: Cbor | undefined, name: string): Fields {
  const elements = Array.isArray(value) ? (value as readonly Cbor[]) : [];
  if (elements[0] !== name) throw notAuthentic();
  if (elements[1] !== 1) throw downgraded();
  return fieldsOf(elements.slice(2));
}

/** As {@link structureOf}, from bytes; the size is checked before anything is decoded. */
export function decodeStructure(bytes: Uint8Array, name: string, maxBytes: number): Fields {
  if (bytes.length > maxBytes) throw overLimit();
  return structureOf(decodeCbor(bytes), name);
}
