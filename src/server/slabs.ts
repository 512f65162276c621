import { maxBatchBytes, maxObjectBytes } from '../wire/limits.ts';

/** Large buffers that are used again and again: making each anew costs more than all else that is done to a body. */
export interface Slabs {
  /** `length` bytes of anything, for its holder alone until `giveBack`. */
  take(length: number): Buffer;
  /** Nothing may hold on to any part of it. */
  giveBack(buffer: Buffer): void;
}

/** Smaller buffers are made anew. */
const leastBytes = 256 * 1024;
const classes = [maxObjectBytes, maxBatchBytes + maxObjectBytes];

/** Keeps up to `most` free buffers of each size. */
export function createSlabs(most = 8): Slabs {
  const free = classes.map((): Buffer[] => []);

  return {
    take: (length) => {
      const size = classes.findIndex((bytes) => length <= bytes);
      const bytes = classes[size];
      if (length < leastBytes || bytes === undefined) return Buffer.allocUnsafeSlow(length);
      const slab = free[size]?.pop() ?? Buffer.allocUnsafeSlow(bytes);
      return slab.subarray(0, length);
    },
    giveBack: ({ buffer }) => {
      const size = classes.indexOf(buffer.byteLength);
      const kept = free[size];
      if (kept !== undefined && kept.length < most) kept.push(Buffer.from(buffer));
    },
  };
}
