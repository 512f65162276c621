import { toHex } from '../../src/common/bytes.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import type { VectorCase, VectorFile } from './case.ts';
import { readers, toJson } from './run-case.ts';

/** A positive vector; its output is what our reader makes of it, which the reference then has to confirm. */
export function good(format: string, name: string, rule: string, input: VectorCase['input']): VectorCase {
  const output = readers[format]?.(input);
  return { name, rule, input, expect: 'ok', ...(output === undefined ? {} : { output: toJson(output) }) };
}

export const bad = (
  name: string,
  rule: string,
  input: VectorCase['input'],
  expect: VectorCase['expect'] = 'E_AUTH',
): VectorCase => ({ name, rule, input, expect });

const nested = (depth: number): string => `${'81'.repeat(depth)}00`;

const valid: readonly (readonly [string, string])[] = [
  ['zero', '00'],
  ['23', '17'],
  ['24', '1818'],
  ['255', '18ff'],
  ['256', '190100'],
  ['65535', '19ffff'],
  ['65536', '1a00010000'],
  ['2^32 - 1', '1affffffff'],
  ['2^32', '1b0000000100000000'],
  ['2^53 - 1', '1b001fffffffffffff'],
  ['-1', '20'],
  ['-24', '37'],
  ['-25', '3818'],
  ['-(2^53 - 1)', '3b001ffffffffffffe'],
  ['no bytes', '40'],
  ['four bytes', '4401020304'],
  ['empty text', '60'],
  ['text with a leading U+FEFF', '64efbbbf61'],
  ['text beyond the basic plane', '64f09f9880'],
  ['text with U+0000', '6100'],
  ['empty array', '80'],
  ['false, true, null', '83f4f5f6'],
  ['eight deep', nested(8)],
];

const invalid: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'F-CBOR-6'],
  ['two values', '0000', 'F-CBOR-6'],
  ['0 in two bytes', '1800', 'F-CBOR-1'],
  ['23 in two bytes', '1817', 'F-CBOR-1'],
  ['255 in three bytes', '1900ff', 'F-CBOR-1'],
  ['65535 in five bytes', '1a0000ffff', 'F-CBOR-1'],
  ['2^32 - 1 in nine bytes', '1b00000000ffffffff', 'F-CBOR-1'],
  ['-1 in two bytes', '3800', 'F-CBOR-1'],
  ['length of bytes in two bytes', '580101', 'F-CBOR-1'],
  ['length of text in three bytes', '79000161', 'F-CBOR-1'],
  ['length of array in two bytes', '980100', 'F-CBOR-1'],
  ['2^53', '1b0020000000000000', 'F-CBOR-2'],
  ['2^53 + 1', '1b0020000000000001', 'F-CBOR-2'],
  ['2^64 - 1', '1bffffffffffffffff', 'F-CBOR-2'],
  ['-(2^53)', '3b001fffffffffffff', 'F-CBOR-2'],
  ['-(2^64)', '3bffffffffffffffff', 'F-CBOR-2'],
  ['empty map', 'a0', 'F-CBOR-3'],
  ['map', 'a10000', 'F-CBOR-3'],
  ['tag', 'c000', 'F-CBOR-3'],
  ['tag of a bignum', 'c24101', 'F-CBOR-3'],
  ['half float', 'f93c00', 'F-CBOR-3'],
  ['float', 'fa3f800000', 'F-CBOR-3'],
  ['double', 'fb3ff0000000000000', 'F-CBOR-3'],
  ['not a number', 'f97e00', 'F-CBOR-3'],
  ['undefined', 'f7', 'F-CBOR-3'],
  ['simple value 0', 'e0', 'F-CBOR-3'],
  ['simple value 255', 'f8ff', 'F-CBOR-3'],
  ['false in two bytes', 'f814', 'F-CBOR-3'],
  ['bytes of indefinite length', '5f4101ff', 'F-CBOR-3'],
  ['text of indefinite length', '7f6161ff', 'F-CBOR-3'],
  ['array of indefinite length', '9f00ff', 'F-CBOR-3'],
  ['break alone', 'ff', 'F-CBOR-3'],
  ['reserved head 28', '1c', 'F-CBOR-3'],
  ['reserved head 29', '1d', 'F-CBOR-3'],
  ['reserved head 30 of bytes', '5e', 'F-CBOR-3'],
  ['integer of indefinite length', '1f', 'F-CBOR-3'],
  ['text with a lone surrogate', '63eda080', 'F-CBOR-4'],
  ['text with an overlong slash', '62c0af', 'F-CBOR-4'],
  ['text with half a character', '61c3', 'F-CBOR-4'],
  ['text above U+10FFFF', '64f4908080', 'F-CBOR-4'],
  ['text with a byte that is no UTF-8', '61ff', 'F-CBOR-4'],
  ['nine deep', nested(9), 'F-CBOR-5'],
  ['a thousand deep', nested(1000), 'F-CBOR-5'],
  ['bytes longer than the input', '4401', 'F-CBOR-5'],
  ['text longer than the input', '6461', 'F-CBOR-5'],
  ['bytes of 2^32 - 1', '5affffffff', 'F-CBOR-5'],
  ['array of 2^32 - 1', '9affffffff', 'F-CBOR-5'],
  ['array of 2^53 - 1', '9b001fffffffffffff', 'F-CBOR-5'],
  ['array with an element missing', '8201', 'F-CBOR-5'],
  ['head cut', '19ff', 'F-CBOR-5'],
];

const lengths = [0, 1, 2, 9, 100, 4095, 4096, 4097, 5000, 65_537, 1_000_000, 2 ** 20, 2 ** 20 + 1, 4 * 2 ** 20 - 1];

export function cborVectors(): VectorFile[] {
  return [
    {
      format: 'cbor',
      about: 'FORMAT.md 2. In outputs, bytes are {"bytes": hex}.',
      cases: [
        ...valid.map(([name, bytes]) => good('cbor', name, 'F-CBOR-1', { bytes })),
        good('cbor', 'text of 24 bytes', 'F-CBOR-1', { bytes: toHex(encodeCbor('a'.repeat(24))) }),
        ...invalid.map(([name, bytes, rule]) => bad(name, rule, { bytes })),
      ],
    },
    {
      format: 'padme',
      about: 'FORMAT.md 4.',
      cases: lengths.map((length) => good('padme', String(length), 'F-OP-1', { length })),
    },
  ];
}
