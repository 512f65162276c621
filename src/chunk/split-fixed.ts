export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** The pieces of a file of `size` bytes, in order: all of `chunkSize` but the last. None for an empty file. */
export function* splitFixed(size: number, chunkSize: number): Generator<Span> {
  for (let offset = 0; offset < size; offset += chunkSize) {
    yield { offset, length: Math.min(chunkSize, size - offset) };
  }
}
