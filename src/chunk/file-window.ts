import { assert, HoldfastError } from '../common/errors.ts';

/** Where the bytes of a file come from. */
export interface FileReader {
  /** Bytes of the file, as planned; what lies beyond is not looked at. */
  readonly size: number;
  /** Fills `into` from `offset`; answers how many bytes it got, 0 only at the end of the file. */
  read(offset: number, into: Uint8Array): Promise<number>;
}

/**
 * A part of a file in memory, moving forward: each byte is read once, the next ones while those before are worked on.
 * Offsets are those of the file.
 */
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
  /** Nothing is being read any more: the file may be closed. */
  rest(): Promise<void>;
}

/**
 * @param capacity most bytes between `keepFrom` and `offset` of a load.
 * @param ahead bytes that are read in advance.
 * @throws HoldfastError `conflict` (from `load`) if the file ends before its size: it is being changed.
 */
export function openWindow(reader: FileReader, capacity: number, ahead: number): FileWindow {
  const buffer = new Uint8Array(Math.min(capacity + ahead, reader.size));
  let from = 0;
  let end = 0;
  /** Behind `end`, where no view is. Never rejects: what failed is read again when it is needed. */
  let reading: Promise<number> | null = null;

  const fill = async (offset: number, into: Uint8Array): Promise<number> => {
    let done = 0;
    for (let got = 1; got > 0 && done < into.length; done += got) {
      got = await reader.read(offset + done, into.subarray(done));
    }
    return done;
  };
  /** In two halves at once: one thread copies from the system's cache more slowly than the other side takes. */
  const readTo = async (length: number): Promise<number> => {
    const [start, at, half] = [end, end - from, Math.ceil(length / 2)];
    const halves = [
      fill(start, buffer.subarray(at, at + half)),
      fill(start + half, buffer.subarray(at + half, at + length)),
    ];
    // If one fails, the other still writes into the buffer.
    await Promise.allSettled(halves);
    const [first = 0, second = 0] = await Promise.all(halves);
    return first < half ? first : first + second;
  };
  const space = (): number => Math.min(buffer.length - (end - from), reader.size - end);
  const rest = async (): Promise<void> => {
    if (reading === null) return;
    end += await reading;
    reading = null;
  };
  const giveUp = (keepFrom: number): void => {
    buffer.copyWithin(0, keepFrom - from, end - from);
    from = keepFrom;
  };

  return {
    buffer,
    indexOf: (offset) => offset - from,
    end: () => end,
    view: (offset, length) => buffer.subarray(offset - from, offset - from + length),
    async load(keepFrom, offset) {
      const wanted = Math.min(offset, reader.size);
      if (wanted <= end) return;
      await rest();
      const next = Math.min(Math.max(wanted - end, 0) + ahead, reader.size - end);
      assert(keepFrom >= from && keepFrom <= end && wanted - keepFrom <= buffer.length, 'a window was made too small');
      if (space() < next && keepFrom > from) giveUp(keepFrom);
      while (end < wanted) {
        const got = await readTo(Math.min(wanted - end, space()));
        if (got <= 0) {
          throw new HoldfastError('conflict', 'the file became shorter while it was read', {
            reason: 'changed-while-read',
          });
        }
        end += got;
      }
      const length = Math.min(ahead, space());
      if (length > 0) reading = readTo(length).catch(() => 0);
    },
    rest,
  };
}
