/** Very many values of 16 bytes, which take no more than that each; only in the end it is seen whether two are the same. */
export interface DistinctValues {
  /** The first 16 bytes of `value` count. */
  add(value: Uint8Array): void;
  hasRepeated(): boolean;
}

const valuesInBlock = 16_384;

export function distinctValues(): DistinctValues {
  const blocks: BigUint64Array<ArrayBuffer>[] = [];
  let block = new Uint8Array(0);
  let count = 0;

  /** Halves of each value. */
  function* values(): Iterable<readonly [bigint, bigint]> {
    for (let i = 0; i < count; i++) {
      const words = blocks[Math.floor(i / valuesInBlock)] as BigUint64Array;
      const at = 2 * (i % valuesInBlock);
      yield [words[at] as bigint, words[at + 1] as bigint];
    }
  }

  return {
    add(value) {
      if (count % valuesInBlock === 0) {
        block = new Uint8Array(16 * valuesInBlock);
        blocks.push(new BigUint64Array(block.buffer));
      }
      block.set(value.subarray(0, 16), 16 * (count % valuesInBlock));
      count++;
    },
    hasRepeated() {
      const firsts = new BigUint64Array(count);
      let at = 0;
      for (const [first] of values()) firsts[at++] = first;
      firsts.sort();
      // Of ids and hashes no two begin alike, unless somebody makes them so.
      const alike = new Set(firsts.filter((first, i) => i > 0 && first === firsts[i - 1]));
      const seen = new Set<string>();
      for (const [first, second] of alike.size === 0 ? [] : values()) {
        if (!alike.has(first)) continue;
        const value = `${first} ${second}`;
        if (seen.has(value)) return true;
        seen.add(value);
      }
      return false;
    },
  };
}
