import { HoldfastError } from '../common/errors.ts';
import { notAuthentic } from './failure.ts';

/**
 * The canonical CBOR subset of FORMAT.md 2: each value has exactly one encoding. Our own codec rather than a general one,
 * so that what is not in the subset does not exist in the code.
 */
export type Cbor = number | string | boolean | null | Uint8Array | readonly Cbor[];

const maxDepth = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Where all is written first: memory of its own for each value takes longer than encoding most of them. */
const scratch = new Uint8Array(4096);

/** Throws `bug` if the value is outside the subset. */
export function encodeCbor(value: Cbor): Uint8Array {
  const writer = { bytes: scratch, at: 0 };
  try {
    write(writer, value, 1);
    return writer.bytes.slice(0, writer.at);
  } finally {
    // Values may be secrets.
    scratch.fill(0, 0, writer.at);
  }
}

/** Bytes that `encodeCbor` makes of it. */
export function cborLength(value: Cbor): number {
  if (value instanceof Uint8Array) return headLength(value.length) + value.length;
  if (typeof value === 'string') {
    const length = isAscii(value) ? value.length : encoder.encode(value).length;
    return headLength(length) + length;
  }
  if (typeof value === 'number') return headLength(value < 0 ? -1 - value : value);
  if (value === null || typeof value === 'boolean') return 1;
  let length = headLength(value.length);
  for (const item of value) length += cborLength(item);
  return length;
}

const headLength = (value: number): number =>
  value < 24 ? 1 : value < 2 ** 8 ? 2 : value < 2 ** 16 ? 3 : value < 2 ** 32 ? 5 : 9;

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

interface Writer {
  bytes: Uint8Array;
  at: number;
}

function reserve(writer: Writer, length: number): void {
  if (writer.at + length <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * writer.bytes.length, writer.at + length));
  grown.set(writer.bytes.subarray(0, writer.at));
  // Values may be secrets; the outgrown copy is not left behind.
  writer.bytes.fill(0);
  writer.bytes = grown;
}

function writeHead(writer: Writer, major: number, value: number): void {
  reserve(writer, 9);
  if (value < 24) writeInteger(writer, (major << 5) | value, 0, 0);
  else if (value < 2 ** 8) writeInteger(writer, (major << 5) | 24, value, 1);
  else if (value < 2 ** 16) writeInteger(writer, (major << 5) | 25, value, 2);
  else if (value < 2 ** 32) writeInteger(writer, (major << 5) | 26, value, 4);
  else writeInteger(writer, (major << 5) | 27, value, 8);
}

/** `first`, then `value` in `size` bytes, big-endian. */
function writeInteger(writer: Writer, first: number, value: number, size: number): void {
  const { bytes } = writer;
  bytes[writer.at++] = first;
  for (let i = size - 1; i >= 0; i--) bytes[writer.at++] = Math.floor(value / 2 ** (8 * i)) % 256;
}

function write(writer: Writer, value: Cbor, depth: number): void {
  if (value instanceof Uint8Array) {
    writeHead(writer, 2, value.length);
    writeBytes(writer, value);
  } else if (typeof value === 'string') {
    writeText(writer, value);
  } else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new HoldfastError('bug', 'only safe integers can be encoded');
    if (value < 0) writeHead(writer, 1, -1 - value);
    else writeHead(writer, 0, value);
  } else if (value === null || typeof value === 'boolean') {
    reserve(writer, 1);
    writer.bytes[writer.at++] = value === null ? 0xf6 : value ? 0xf5 : 0xf4;
  } else {
    if (depth > maxDepth) throw new HoldfastError('bug', 'arrays are nested too deeply');
    writeHead(writer, 4, value.length);
    for (const item of value) write(writer, item, depth + 1);
  }
}

/** Names are mostly ASCII, and short. */
function writeText(writer: Writer, text: string): void {
  if (isAscii(text)) {
    writeHead(writer, 3, text.length);
    reserve(writer, text.length);
    for (let i = 0; i < text.length; i++) writer.bytes[writer.at++] = text.charCodeAt(i);
    return;
  }
  if (!text.isWellFormed()) throw new HoldfastError('bug', 'text is not well-formed Unicode');
  const bytes = encoder.encode(text);
  writeHead(writer, 3, bytes.length);
  writeBytes(writer, bytes);
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  reserve(writer, bytes.length);
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

/**
 * The one value that `bytes` is the encoding of. Byte strings are copies. Throws E_AUTH on anything outside the subset,
 * not canonical, or left over. The caller has checked the size.
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = readerOf(bytes);
  const value = read(reader, 1);
  checkEnd(reader);
  return value;
}

/** What `decodeListed` found of a list. */
export interface Listed<T> {
  /** All values of the outer array, the list among them without its items. */
  readonly fields: readonly Cbor[];
  /** Items of the list; null if there is none in that place. */
  readonly count: number | null;
  /** Throws what `parse` threw first. */
  items(): readonly T[];
}

/**
 * As `decodeCbor`, of an array whose element `place` is a long list: each item is parsed once it is decoded, so that what it
 * was decoded into is not kept until all of them are.
 */
export function decodeListed<T>(bytes: Uint8Array, place: number, parse: (item: Cbor) => T): Listed<T> {
  const reader = readerOf(bytes);
  const parsed: T[] = [];
  let failure: unknown = null;
  let count: number | null = null;
  const readItem = (): void => {
    const item = read(reader, 3);
    if (failure !== null) return;
    try {
      parsed.push(parse(item));
    } catch (error) {
      failure = error;
    }
  };
  const readField = (at: number): Cbor => {
    const length = at === place ? arrayLength(reader, 2) : null;
    if (length === null) return read(reader, 2);
    count = length;
    for (let i = 0; i < length; i++) readItem();
    return [];
  };
  const length = arrayLength(reader, 1);
  if (length === null) throw notAuthentic();
  const fields: Cbor[] = [];
  for (let at = 0; at < length; at++) fields.push(readField(at));
  checkEnd(reader);
  return {
    fields,
    count,
    items: () => {
      if (failure !== null) throw failure;
      return parsed;
    },
  };
}

function checkEnd({ at, bytes }: Reader): void {
  if (at !== bytes.length) throw notAuthentic();
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Not over a Buffer, whose slice() would share memory. */
const readerOf = ({ buffer, byteOffset, length }: Uint8Array): Reader => ({
  bytes: new Uint8Array(buffer, byteOffset, length),
  at: 0,
});

/** The value of a head whose low five bits are `info`; always in its shortest form. */
function readLength(reader: Reader, info: number): number {
  if (info < 24) return info;
  if (info > 27) throw notAuthentic();
  const size = 1 << (info - 24);
  if (reader.at + size > reader.bytes.length) throw notAuthentic();
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (reader.bytes[reader.at++] as number);
  const least = info === 24 ? 24 : 2 ** (4 * size);
  // 2^53 and what lies above it loses digits, but stays above the bound.
  if (value < least || value > Number.MAX_SAFE_INTEGER) throw notAuthentic();
  return value;
}

function read(reader: Reader, depth: number): Cbor {
  const head = reader.bytes[reader.at++];
  if (head === undefined) throw notAuthentic();
  const major = head >> 5;
  if (major === 7) {
    if (head === 0xf4) return false;
    if (head === 0xf5) return true;
    if (head === 0xf6) return null;
    throw notAuthentic();
  }
  if (major > 4) throw notAuthentic();
  const length = readLength(reader, head & 31);
  switch (major) {
    case 0:
      return length;
    case 1:
      if (length >= Number.MAX_SAFE_INTEGER) throw notAuthentic();
      return -1 - length;
    case 2: {
      const at = take(reader, length);
      return reader.bytes.slice(at, at + length);
    }
    case 3:
      return readText(reader.bytes, take(reader, length), length);
    default:
      return readArray(reader, length, depth);
  }
}

/** Where so many bytes begin, which are passed over. */
function take(reader: Reader, length: number): number {
  const { at, bytes } = reader;
  if (length > bytes.length - at) throw notAuthentic();
  reader.at += length;
  return at;
}

/** Up to so many ASCII characters are put together here: to ask the decoder for them takes longer. */
const shortText = 64;

function readText(bytes: Uint8Array, at: number, length: number): string {
  if (length <= shortText) {
    const codes: number[] = [];
    for (let i = at; i < at + length; i++) {
      const code = bytes[i] as number;
      if (code > 0x7f) break;
      codes.push(code);
    }
    if (codes.length === length) return String.fromCharCode(...codes);
  }
  try {
    return decoder.decode(bytes.subarray(at, at + length));
  } catch {
    throw notAuthentic();
  }
}

/** Of the array that comes next; null, and nothing is read, if something else does. */
function arrayLength(reader: Reader, depth: number): number | null {
  const head = reader.bytes[reader.at];
  if (head === undefined || head >> 5 !== 4) return null;
  reader.at++;
  const count = readLength(reader, head & 31);
  checkArray(reader, count, depth);
  return count;
}

/** Each item takes a byte at least: nothing is allocated for items that cannot be there. */
function checkArray(reader: Reader, count: number, depth: number): void {
  if (depth > maxDepth || count > reader.bytes.length - reader.at) throw notAuthentic();
}

function readArray(reader: Reader, count: number, depth: number): Cbor[] {
  checkArray(reader, count, depth);
  const items: Cbor[] = [];
  for (let i = 0; i < count; i++) items.push(read(reader, depth + 1));
  return items;
}
