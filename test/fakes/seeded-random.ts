import { hash } from 'node:crypto';
import type { Random } from '../../src/common/ids.ts';

/** The same bytes for the same seed. */
export function seededRandom(seed: number | string): Random {
  let counter = 0;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        const block = hash('sha256', `${seed}/${counter++}`, 'buffer');
        bytes.set(block.subarray(0, Math.min(32, length - at)), at);
      }
      return bytes;
    },
  };
}
