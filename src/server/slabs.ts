import { maxBatchBytes, maxObjectBytes } from '../wire/limits.ts';
import { pageAlignedBuffer } from './page-aligned.ts';

/** Large buffers that are used again and again: making each anew costs more than all else that is done to a body. */
export interface Slabs {
  /** `length` bytes of anything, for its holder alone until `giveBack`. */
  take(length: number): Buffer;
  /** Nothing may hold on to any part of it. */
  giveBack(buffer: Buffer): void;
  /** Bytes that are kept for who takes next. */
  readonly keptBytes: number;
}

const mib = 1024 * 1024;
/** Smaller buffers are made anew. */
const leastBytes = 32 * 1024;
/** One of the largest objects in whole pages, and its frame's header: these are aligned, so that it can go to the disk as it lies there. */
const largeBytes = 4 * mib + 64 * 1024;
/** Few neighbours in a pack, as many as are read together, a client's usual batch, one of the largest objects, the largest body. */
const classes = [256 * 1024, mib, 2 * mib + 128 * 1024, largeBytes, maxBatchBytes + maxObjectBytes];

/** As many of the largest objects as one client sends or fetches at once, and a little more. */
const usuallyKept = 6 * largeBytes + mib;

/** Keeps free buffers up to `most` bytes in all. */
export function createSlabs(most = usuallyKept): Slabs {
  const free = classes.map((): Buffer[] => []);
  let keptBytes = 0;

  return {
    take: (length) => {
      const size = classes.findIndex((bytes) => length <= bytes);
      const bytes = classes[size];
      if (length < leastBytes || bytes === undefined) return Buffer.allocUnsafeSlow(length);
      const kept = free[size]?.pop();
      if (kept !== undefined) keptBytes -= bytes;
      return (kept ?? newSlab(bytes)).subarray(0, length);
    },
    giveBack: ({ buffer }) => {
      const bytes = buffer.byteLength;
      const kept = free[classes.indexOf(bytes)];
      if (kept === undefined || keptBytes + bytes > most) return;
      kept.push(Buffer.from(buffer));
      keptBytes += bytes;
    },
    get keptBytes() {
      return keptBytes;
    },
  };
}

const newSlab = (bytes: number): Buffer =>
  bytes === largeBytes ? pageAlignedBuffer(bytes) : Buffer.allocUnsafeSlow(bytes);
