import { HoldfastError } from '../common/errors.ts';

/**
 * Padmé (Nikitin et al., PETS 2019): rounds a length up so that it tells O(log log L) bits, at most 12 % more. Lengths up
 * to 2^52.
 */
export function padme(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0 || length > 2 ** 52) {
    throw new HoldfastError('bug', 'not a length that can be padded');
  }
  if (length < 2) return length;
  const exponent = floorLog2(length);
  const step = 2 ** Math.max(0, exponent - (floorLog2(exponent) + 1));
  return Math.ceil(length / step) * step;
}

function floorLog2(value: number): number {
  if (value < 2 ** 31) return 31 - Math.clz32(value);
  return 31 + floorLog2(Math.floor(value / 2 ** 31));
}
