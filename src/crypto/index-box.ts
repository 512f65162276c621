import { concat } from '../common/bytes.ts';
import type { Random } from '../common/ids.ts';
import { notAuthentic } from './failure.ts';
import { openXchacha, xchachaNonceLength, xchachaSealer } from './xchacha.ts';

/** Bytes that an index box is longer than its plaintext. */
export const indexBoxOverhead = xchachaNonceLength + 16;

/** Seals a row of the local index; `aad` names it, so that rows cannot change places. */
export type SealRow = (aad: Uint8Array, plain: Uint8Array) => Uint8Array;

/**
 * For rows that are sealed together: their nonces are a random one and those that follow. Cheap, and not key-committing:
 * only for what this device wrote and will read (F-BOX-5).
 */
export function rowSealer(key: Uint8Array, random: Random): SealRow {
  const next = random.bytes(xchachaNonceLength);
  const seal = xchachaSealer(key, next);
  return (aad, plain) => {
    const box = concat(next, seal(next, aad, plain));
    countUp(next);
    return box;
  };
}

/** The last 8 bytes, so that the others stay. */
function countUp(nonce: Uint8Array): void {
  for (let at = nonce.length - 1; at >= nonce.length - 8; at--) {
    nonce[at] = ((nonce[at] ?? 0) + 1) & 0xff;
    if (nonce[at] !== 0) return;
  }
}

/** Throws E_AUTH. */
export function openIndexBox(key: Uint8Array, aad: Uint8Array, box: Uint8Array): Uint8Array {
  if (box.length < indexBoxOverhead) throw notAuthentic();
  return openXchacha(key, box.subarray(0, xchachaNonceLength), aad, box.subarray(xchachaNonceLength));
}
