import { concat } from '../common/bytes.ts';
import type { Random } from '../common/ids.ts';
import { notAuthentic } from './failure.ts';
import { openXchacha, sealXchacha, xchachaNonceLength } from './xchacha.ts';

/** Bytes that an index box is longer than its plaintext. */
export const indexBoxOverhead = xchachaNonceLength + 16;

/**
 * Seals a row of the local index. Cheap, and not key-committing: only for what this device wrote and will read
 * (F-BOX-5). `aad` names the row, so that rows cannot change places.
 */
export function sealIndexBox(key: Uint8Array, aad: Uint8Array, plain: Uint8Array, random: Random): Uint8Array {
  const nonce = random.bytes(xchachaNonceLength);
  return concat(nonce, sealXchacha(key, nonce, aad, plain));
}

/** Throws E_AUTH. */
export function openIndexBox(key: Uint8Array, aad: Uint8Array, box: Uint8Array): Uint8Array {
  if (box.length < indexBoxOverhead) throw notAuthentic();
  return openXchacha(key, box.subarray(0, xchachaNonceLength), aad, box.subarray(xchachaNonceLength));
}
