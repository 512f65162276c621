/**
 * A polynomial rolling checksum modulo 2³² (Rabin–Karp): the sum of t(byte) · m^(distance from the end). Unlike the
 * two 16-bit sums of rsync it keeps apart data with few distinct bytes and regular structure. It only proposes matches; a
 * strong hash decides. It never leaves the device and never decides where a chunk ends, so it needs no secret key.
 * Stored in the index: changing it costs only that deltas find nothing until files are read again.
 */
const multiplier = 0x2c9277b5;

const power = (exponent: number): number => {
  let result = 1;
  let base = multiplier;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
};

/** A value of 32 well-mixed bits for each byte (the finalizer of MurmurHash3). */
const mixed = (byte: number): number => {
  let h = Math.imul(byte + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};

const times = (factor: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, byte) => Math.imul(mixed(byte), factor));

const entering = times(1);
const multiplier2 = power(2);
const multiplier3 = power(3);
const multiplier4 = power(4);

/** The checksum of all of `bytes`, an unsigned 32-bit integer; 0 for none. */
export function weakSum(bytes: Uint8Array): number {
  const { length } = bytes;
  const at = (i: number): number => entering[bytes[i] as number] as number;
  let sum = 0;
  let i = 0;
  // Four at a time, so that the processor computes them side by side.
  for (; i + 4 <= length; i += 4) {
    const early = (Math.imul(at(i), multiplier3) + Math.imul(at(i + 1), multiplier2)) | 0;
    const late = (Math.imul(at(i + 2), multiplier) + at(i + 3)) | 0;
    sum = (Math.imul(sum, multiplier4) + ((early + late) | 0)) | 0;
  }
  for (; i < length; i++) sum = (Math.imul(sum, multiplier) + at(i)) | 0;
  return sum >>> 0;
}

/** So many bytes at its start stand for a chunk: what rolls proposes only, and summing all of it would cost as much as hashing it. */
export const headLength = 64 * 1024;

/** The checksum by which a chunk is looked for at any place: that of its head. */
export const headSum = (chunk: Uint8Array): number => weakSum(chunk.subarray(0, headLength));

/** What a byte that leaves a window of `length` bytes takes with it. */
export const leavingTable = (length: number): Int32Array => times(power(length));

/**
 * A set of checksums that is fast to ask: a Bloom filter of two hashes, of which bit 1 at the first place and bit 2 at the
 * second say that a checksum may be in it, and what decides. About one other checksum in 4,000 gets so far, and in a run of
 * equal bytes it would be that of each place.
 */
export interface SumFilter {
  readonly places: Uint8Array;
  readonly shift: number;
  readonly sums: { has(sum: number): boolean };
}

const firstHash = 0x9e3779b1;
const secondHash = 0x85ebca6b;

export function sumFilter(sums: ReadonlySet<number> | ReadonlyMap<number, unknown>): SumFilter {
  const bits = Math.min(22, Math.max(12, Math.ceil(Math.log2(sums.size * 64 + 1))));
  const shift = 32 - bits;
  const places = new Uint8Array(2 ** bits);
  for (const sum of sums.keys()) {
    const first = Math.imul(sum, firstHash) >>> shift;
    const second = Math.imul(sum, secondHash) >>> shift;
    places[first] = (places[first] ?? 0) | 1;
    places[second] = (places[second] ?? 0) | 2;
  }
  return { places, shift, sums };
}

export interface Roll {
  /** Index in the buffer of the window's first byte. */
  at: number;
  /** Checksum of the window, as {@link weakSum} gives it. */
  sum: number;
}

/**
 * Slides a window of `length` bytes over `bytes` from `roll.at` + 1 until its checksum is in the filter (answers true) or
 * `stop` is reached; leaves the new place and checksum in `roll`. The buffer must hold `stop + length` bytes.
 */
export function rollOn(
  bytes: Uint8Array,
  roll: Roll,
  stop: number,
  length: number,
  leaving: Int32Array,
  { places, shift, sums }: SumFilter,
): boolean {
  const table = entering;
  let sum = roll.sum | 0;
  let at = roll.at | 0;
  let isHit = false;
  while (at < stop) {
    // Apart from the chain of multiplications, so that the processor can compute it ahead.
    const change = ((table[bytes[at + length] as number] as number) - (leaving[bytes[at] as number] as number)) | 0;
    sum = (Math.imul(sum, multiplier) + change) | 0;
    at = (at + 1) | 0;
    if (
      ((places[Math.imul(sum, firstHash) >>> shift] as number) & 1) !== 0 &&
      ((places[Math.imul(sum, secondHash) >>> shift] as number) & 2) !== 0 &&
      sums.has(sum >>> 0)
    ) {
      isHit = true;
      break;
    }
  }
  roll.at = at;
  roll.sum = sum >>> 0;
  return isHit;
}
