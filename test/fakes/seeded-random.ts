import type { Random } from '../../src/common/ids.ts';
import { sha256 } from '../../src/crypto/sha256.ts';

/** The same bytes for the same seed. */
export function seededRandom(seed: number | string): Random {
  const prefix = new TextEncoder().encode(`${seed}/`);
  let counter = 0;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        const block = sha256(prefix, new TextEncoder().encode(String(counter++)));
        bytes.set(block.subarray(0, Math.min(32, length - at)), at);
      }
      return bytes;
    },
  };
}
