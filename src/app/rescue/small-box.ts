import { concat } from '../../common/bytes.ts';
import { type Cbor, encodeCbor } from '../../crypto/cbor.ts';
import { constantTimeEqual } from '../../crypto/constant-time.ts';
import { notAuthentic } from '../../crypto/failure.ts';
import { hkdfSha256 } from '../../crypto/hkdf.ts';
import { isStrictEd25519 } from '../../crypto/sign.ts';
import { openXchacha } from '../../crypto/xchacha.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `derive(key, name, context)` of FORMAT.md 1. */
export const deriveKey = (key: Uint8Array, name: string, context: readonly Cbor[]): Uint8Array =>
  hkdfSha256(key, new Uint8Array(), concat(ascii(`holdfast/1/key/${name}\0`), encodeCbor(context)), 32);

/** Opens a box of FORMAT.md 3.2 for the role and place that the caller expects. Throws E_AUTH. */
export function openSmallBox(label: string, key: Uint8Array, context: readonly Cbor[], box: Uint8Array): Uint8Array {
  if (box.length < 72) throw notAuthentic();
  const info = concat(ascii(`holdfast/1/box/${label}\0`), encodeCbor(context));
  const okm = hkdfSha256(key, box.subarray(0, 24), info, 88);
  if (!constantTimeEqual(okm.subarray(56), box.subarray(24, 56))) throw notAuthentic();
  return openXchacha(okm.subarray(0, 32), okm.subarray(32, 56), info, box.subarray(56));
}

/** Whether `sign(label, message)` of FORMAT.md 1 is this key's. */
export const isSignedBy = (publicKey: Uint8Array, label: string, message: Uint8Array, signature: Uint8Array): boolean =>
  isStrictEd25519(concat(ascii(`holdfast/1/${label}\0`), message), signature, publicKey);

/** FORMAT.md 4. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const kept = floorLog2(exponent) + 1;
  const unit = 2 ** Math.max(0, exponent - kept);
  return Math.ceil(length / unit) * unit;
}

function floorLog2(value: number): number {
  let log = 0;
  for (let power = 2; power <= value; power *= 2) log++;
  return log;
}
