import { assert, HoldfastError } from '../common/errors.ts';

/** Where the bytes of a file come from. */
export interface FileReader {
  /** Bytes of the file, as planned; what lies beyond is not looked at. */
  readonly size: number;
  /** Fills `into` from `offset`; answers how many bytes it got, 0 only at the end of the file. */
  read(offset: number, into: Uint8Array): Promise<number>;
}

/** A part of a file in memory, moving forward: each byte is read once. Offsets are those of the file. */
export interface FileWindow {
  readonly buffer: Uint8Array;
  /** Index in the buffer of the byte at `offset`, which must be loaded. */
  indexOf(offset: number): number;
  /** The file's offset after the last byte loaded. */
  end(): number;
  /** Gives up all before `keepFrom` and loads at least up to `offset` (or the file's end). Views are void afterwards. */
  load(keepFrom: number, offset: number): Promise<void>;
  /** Valid until the next {@link load} that has to read. */
  view(offset: number, length: number): Uint8Array;
}

/** @throws HoldfastError `conflict` (from `load`) if the file ends before its size: it is being changed. */
export function openWindow(reader: FileReader, capacity: number): FileWindow {
  const buffer = new Uint8Array(Math.min(capacity, reader.size));
  let from = 0;
  let end = 0;
  return {
    buffer,
    indexOf: (offset) => offset - from,
    end: () => end,
    view: (offset, length) => buffer.subarray(offset - from, offset - from + length),
    async load(keepFrom, offset) {
      const wanted = Math.min(offset, reader.size);
      if (wanted <= end) return;
      assert(keepFrom >= from && keepFrom <= end && wanted - keepFrom <= buffer.length, 'a window was made too small');
      if (keepFrom > from) {
        buffer.copyWithin(0, keepFrom - from, end - from);
        from = keepFrom;
      }
      while (end < wanted) {
        const space = Math.min(buffer.length - (end - from), reader.size - end);
        const got = await reader.read(end, buffer.subarray(end - from, end - from + space));
        if (got <= 0) {
          throw new HoldfastError('conflict', 'the file became shorter while it was read', {
            reason: 'changed-while-read',
          });
        }
        end += got;
      }
    },
  };
}
