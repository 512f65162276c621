import { concat } from '../common/bytes.ts';
import type { Random } from '../common/ids.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import { constantTimeEqual, wipe } from './constant-time.ts';
import { notAuthentic } from './failure.ts';
import { hkdfSha256 } from './hkdf.ts';
import { type BoxLabel, labelPrefix } from './labels.ts';
import { openXchacha, sealXchacha } from './xchacha.ts';

const saltLength = 24;
const commitmentLength = 32;
const head = saltLength + commitmentLength;

/** Bytes that a box is longer than its plaintext. */
export const boxOverhead = head + 16;

interface BoxKeys {
  readonly info: Uint8Array;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly commitment: Uint8Array;
}

function boxKeys(label: BoxLabel, key: Uint8Array, context: readonly Cbor[], salt: Uint8Array): BoxKeys {
  const info = concat(labelPrefix(`box/${label}`), encodeCbor(context));
  const okm = hkdfSha256(key, salt, info, 88);
  return { info, key: okm.subarray(0, 32), nonce: okm.subarray(32, 56), commitment: okm.subarray(56) };
}

/**
 * Seals `plain` for one role (`label`) and place (`context`); committing, and safe with random salts for any number of
 * boxes under one key. FORMAT.md 3.2.
 */
export function sealBox(
  label: BoxLabel,
  key: Uint8Array,
  context: readonly Cbor[],
  plain: Uint8Array,
  random: Random,
): Uint8Array {
  const salt = random.bytes(saltLength);
  const keys = boxKeys(label, key, context, salt);
  const box = concat(salt, keys.commitment, sealXchacha(keys.key, keys.nonce, keys.info, plain));
  wipe(keys.key, keys.nonce);
  return box;
}

/**
 * Opens a box that must be of this role and place, which are what the caller expects and never taken from the message.
 * Throws E_AUTH, whatever is wrong.
 */
export function openBox(label: BoxLabel, key: Uint8Array, context: readonly Cbor[], box: Uint8Array): Uint8Array {
  if (box.length < boxOverhead) throw notAuthentic();
  const keys = boxKeys(label, key, context, box.subarray(0, saltLength));
  try {
    if (!constantTimeEqual(keys.commitment, box.subarray(saltLength, head))) throw notAuthentic();
    return openXchacha(keys.key, keys.nonce, keys.info, box.subarray(head));
  } finally {
    wipe(keys.key, keys.nonce);
  }
}
