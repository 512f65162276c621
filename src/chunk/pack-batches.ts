export interface BatchLimits {
  /** Sum of sizes in one batch; an item above it travels alone. */
  readonly maxBytes: number;
  readonly maxCount: number;
}

export const batchLimits: BatchLimits = { maxBytes: 4 * 1024 * 1024, maxCount: 1000 };

/** Groups items into batches within the limits; order is kept, no batch is empty. */
export function* packBatches<T>(
  items: Iterable<T>,
  sizeOf: (item: T) => number,
  { maxBytes, maxCount }: BatchLimits = batchLimits,
): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (batch.length > 0 && (bytes + size > maxBytes || batch.length >= maxCount)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
