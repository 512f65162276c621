import { randomFillSync } from 'node:crypto';
import type { Random } from '../common/ids.ts';

/** Small requests are served from a stock: each call of the generator costs as much as 500 bytes of it. */
const stock = new Uint8Array(4096);
const mostFromStock = 64;
let left = 0;

function fromStock(length: number): Uint8Array {
  if (left < length) {
    randomFillSync(stock);
    left = stock.length;
  }
  const taken = stock.subarray(left - length, left);
  const bytes = taken.slice();
  // Nothing is given out twice, and no secret stays behind.
  taken.fill(0);
  left -= length;
  return bytes;
}

/** The operating system's generator. Tests inject fixed bytes instead; nothing else may. */
export const systemRandom: Random = {
  bytes: (length) => (length <= mostFromStock ? fromStock(length) : randomFillSync(new Uint8Array(length))),
};
