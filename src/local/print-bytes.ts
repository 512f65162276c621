import { toHex } from '../common/bytes.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const longest = 4;

/** A name that is no UTF-8, to be read: bytes that are no text as `\xFF`, so that two names never look the same. */
export function printBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const size = sizeOfCharacter(bytes.subarray(at, at + longest));
    text +=
      size === 0
        ? `\\x${toHex(bytes.subarray(at, at + 1)).toUpperCase()}`
        : decoder.decode(bytes.subarray(at, at + size));
    at += Math.max(1, size);
  }
  return text;
}

/** Bytes of the character that begins there; 0 if none does. */
function sizeOfCharacter(bytes: Uint8Array): number {
  for (let size = 1; size <= bytes.length; size++) {
    try {
      decoder.decode(bytes.subarray(0, size));
      return size;
    } catch {}
  }
  return 0;
}
