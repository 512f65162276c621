/** Byte helpers without Node's Buffer, so that neutral code can use them. */

/** The codes of the two digits of each byte. */
const digitCodes = Uint8Array.from(
  Array.from({ length: 256 }, (_, byte) => [...byte.toString(16).padStart(2, '0')])
    .flat()
    .map((digit) => digit.charCodeAt(0)),
);
/** Arguments of one call are limited. */
const hexSlice = 1024;

/** A short one is text in one piece: what is put together keeps its pieces, ten times the memory, until it is looked up. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += hexSlice) text += hexOf(bytes.subarray(at, at + hexSlice));
  return text;
}

function hexOf(bytes: Uint8Array): string {
  const codes = new Array<number>(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const at = 2 * (bytes[i] as number);
    codes[2 * i] = digitCodes[at] as number;
    codes[2 * i + 1] = digitCodes[at + 1] as number;
  }
  return String.fromCharCode(...codes);
}

/** What a digit counts, by its character's code; -1 for what is none. */
const digits = new Int8Array(128).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digits[digit.charCodeAt(0)] = value;

/** Lower-case hex to bytes; null if it is anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digits[text.charCodeAt(2 * i)] ?? -1;
    const low = digits[text.charCodeAt(2 * i + 1)] ?? -1;
    if (high < 0 || low < 0) return null;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Equality in variable time: for public values only. Secrets are compared in `crypto`. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
