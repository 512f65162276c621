import { createHash } from 'node:crypto';
import { deltaPieces } from '../../src/chunk/delta.ts';
import type { FileReader } from '../../src/chunk/file-window.ts';
import type { PreviousChunk } from '../../src/chunk/previous-chunks.ts';
import { headSum } from '../../src/chunk/weak-sum.ts';
import { must } from '../../src/common/errors.ts';

export const strongHash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** A revision as a device would hold it: content, and the chunks that make it. */
export interface Revision {
  readonly content: Uint8Array;
  readonly lengths: readonly number[];
}

export const fixedRevision = (content: Uint8Array, chunkSize: number): Revision => ({
  content,
  lengths: Array.from({ length: Math.ceil(content.length / chunkSize) }, (_, at) =>
    Math.min(chunkSize, content.length - at * chunkSize),
  ),
});

export function chunksOf({ content, lengths }: Revision): { chunk: PreviousChunk; bytes: Uint8Array }[] {
  let offset = 0;
  return lengths.map((plainLength, index) => {
    const bytes = content.subarray(offset, offset + plainLength);
    offset += plainLength;
    return { chunk: { index, plainLength, weak: headSum(bytes), strong: strongHash(bytes) }, bytes };
  });
}

export interface MemoryReader extends FileReader {
  bytesRead(): number;
  longestRead(): number;
}

/** Reads from memory, at most `most` bytes at once. */
export function memoryReader(content: Uint8Array, most = Number.POSITIVE_INFINITY): MemoryReader {
  let total = 0;
  let longest = 0;
  return {
    size: content.length,
    read: async (offset, into) => {
      const part = content.subarray(offset, offset + Math.min(into.length, most));
      into.set(part);
      total += part.length;
      longest = Math.max(longest, into.length);
      return part.length;
    },
    bytesRead: () => total,
    longestRead: () => longest,
  };
}

export interface Outcome {
  /** What the pieces make, in order; compare it with the file. */
  readonly rebuilt: Uint8Array;
  readonly lengths: readonly number[];
  readonly newPieces: readonly number[];
  readonly reused: readonly number[];
  readonly isFragmented: boolean;
}

/** Runs a delta and puts the file together again from the previous content and the new pieces, copied when given. */
export async function applyDelta(before: Revision, reader: FileReader, chunkSize: number): Promise<Outcome> {
  const old = chunksOf(before);
  const rebuilt = new Uint8Array(reader.size);
  const lengths: number[] = [];
  const newPieces: number[] = [];
  const reused: number[] = [];
  let end = 0;
  let isFragmented = false;
  const previous = old.map(({ chunk }) => chunk);
  for await (const piece of deltaPieces({ reader, previous, strongHash, chunkSize })) {
    if (piece.kind === 'fragmented') {
      isFragmented = true;
      break;
    }
    if (piece.offset !== end) throw new Error(`a piece at ${piece.offset} follows one that ends at ${end}`);
    const bytes = piece.kind === 'new' ? piece.bytes : must(old[piece.index]).bytes;
    if (bytes.length !== piece.length || piece.length === 0) throw new Error(`a piece of ${bytes.length} bytes`);
    rebuilt.set(bytes, piece.offset);
    end += piece.length;
    lengths.push(piece.length);
    if (piece.kind === 'new') newPieces.push(piece.length);
    else reused.push(piece.index);
  }
  return { rebuilt, lengths, newPieces, reused, isFragmented };
}

/** Bytes without structure, the same for the same seed. */
export function noise(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed >>> 0;
  for (let i = 0; i < words.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    words[i] = x ^ (x >>> 14);
  }
  return new Uint8Array(words.buffer, 0, length);
}

export type Edit =
  | { readonly kind: 'insert' | 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'move' | 'copy'; readonly at: number; readonly length: number; readonly to: number };

/** The content after an edit; places are fractions of the length (0 to 1). */
export function edited(content: Uint8Array, edit: Edit): Uint8Array {
  const place = (fraction: number, length = content.length): number => Math.floor(fraction * length);
  const at = place(edit.at);
  const splice = (from: Uint8Array, offset: number, gone: number, bytes: Uint8Array): Uint8Array =>
    Buffer.concat([from.subarray(0, offset), bytes, from.subarray(Math.min(from.length, offset + gone))]);
  switch (edit.kind) {
    case 'insert':
      return splice(content, at, 0, edit.bytes);
    case 'overwrite':
      return splice(content, at, edit.bytes.length, edit.bytes);
    case 'delete':
      return splice(content, at, edit.length, new Uint8Array());
    case 'copy':
      return splice(content, place(edit.to), 0, content.slice(at, at + edit.length));
    case 'move': {
      const block = content.slice(at, at + edit.length);
      const rest = splice(content, at, edit.length, new Uint8Array());
      return splice(rest, place(edit.to, rest.length), 0, block);
    }
  }
}
