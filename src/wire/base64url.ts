/** Base64url without padding (RFC 4648, section 5), for bytes in JSON. Neutral code has no Buffer. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const codes = Uint8Array.from(alphabet, (char) => char.charCodeAt(0));
const invalid = 255;
const values = new Uint8Array(128).fill(invalid);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;

/** Characters that `length` bytes take. */
export const base64urlLength = (length: number): number => Math.ceil((length * 4) / 3);

/** Characters made into text at once: engines limit the number of arguments of a call. */
const slice = 8192;

export function toBase64url(bytes: Uint8Array): string {
  const out = new Uint8Array(base64urlLength(bytes.length));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] as number;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    const word = (a << 16) | (b << 8) | c;
    // Writes past the end of a typed array have no effect: the last, shorter group needs no case of its own.
    out[at++] = codes[word >> 18] as number;
    out[at++] = codes[(word >> 12) & 63] as number;
    out[at++] = codes[(word >> 6) & 63] as number;
    out[at++] = codes[word & 63] as number;
  }
  let text = '';
  for (let from = 0; from < out.length; from += slice) {
    // Spread, they would be walked by an iterator: ten times the time, and memory for each.
    text += String.fromCharCode.apply(null, out.subarray(from, from + slice) as unknown as number[]);
  }
  return text;
}

/** Null unless `text` is the one encoding of some bytes: foreign characters, padding and stray bits are refused. */
export function fromBase64url(text: string): Uint8Array | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (values[code] as number) : invalid;
    if (value === invalid) return null;
    word = (word << 6) | value;
    if ((i & 3) !== 3) continue;
    bytes[at++] = (word >> 16) & 255;
    bytes[at++] = (word >> 8) & 255;
    bytes[at++] = word & 255;
    word = 0;
  }
  if (rest === 2) {
    if ((word & 15) !== 0) return null;
    bytes[at] = word >> 4;
  } else if (rest === 3) {
    if ((word & 3) !== 0) return null;
    bytes[at++] = word >> 10;
    bytes[at] = (word >> 2) & 255;
  }
  return bytes;
}
