import { type Cbor, decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import type { Dice } from './dice.ts';

/** How inputs of a target are made of others. */
export type InputKind = 'bytes' | 'cbor' | 'text';

const maxLength = 128 * 1024;

export function mutateInput(
  kind: InputKind,
  input: Uint8Array,
  other: Uint8Array,
  words: readonly string[],
  dice: Dice,
): Uint8Array {
  const rounds = 1 + dice.under(4);
  let mutated = input;
  for (let i = 0; i < rounds; i++) {
    if (kind === 'cbor' && dice.under(10) > 1) mutated = mutateCbor(mutated, other, dice);
    else if (kind === 'text' && dice.under(10) > 2) mutated = mutateText(mutated, other, words, dice);
    else mutated = mutateBytes(mutated, other, dice);
    // In each round: a long word is doubled two hundred times.
    if (mutated.length > maxLength) mutated = mutated.subarray(0, maxLength);
  }
  return mutated;
}

const splice = (bytes: Uint8Array, at: number, count: number, put: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(Math.max(0, bytes.length - count) + put.length);
  whole.set(bytes.subarray(0, at));
  whole.set(put, at);
  whole.set(bytes.subarray(at + count), at + put.length);
  return whole;
};

const interesting = [
  0, 1, 0x17, 0x18, 0x1b, 0x40, 0x58, 0x5b, 0x7f, 0x80, 0x9b, 0x9f, 0xc2, 0xed, 0xf4, 0xf6, 0xf7, 0xfb, 0xff,
];

function mutateBytes(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.under(bytes.length + 1);
  const rest = bytes.length - at;
  const length = Math.min(rest, 1 + dice.under(16));
  const from = dice.under(other.length + 1);
  switch (dice.under(7)) {
    case 0:
      return rest === 0 ? bytes : splice(bytes, at, 1, Uint8Array.of((bytes[at] as number) ^ (1 << dice.under(8))));
    case 1:
      return rest === 0 ? bytes : splice(bytes, at, 1, Uint8Array.of(dice.pick(interesting)));
    case 2:
      return splice(bytes, at, 0, Uint8Array.of(dice.pick(interesting)));
    case 3:
      return splice(bytes, at, length, new Uint8Array());
    case 4:
      return splice(bytes, at, length, other.subarray(from, from + 1 + dice.under(64)));
    case 5:
      return splice(bytes, at, 0, bytes.subarray(at, at + length));
    default:
      return bytes.subarray(0, at);
  }
}

const numbers = [
  0,
  1,
  -1,
  2,
  4,
  7,
  9,
  10,
  15,
  16,
  17,
  23,
  24,
  255,
  256,
  4095,
  4096,
  4097,
  65_536,
  4_194_304,
  4_194_305,
  268_435_457,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];
const texts = [
  '',
  'a',
  '.',
  '..',
  'a/b',
  '.holdfast',
  '\ufeffx',
  'e\u0301',
  '\u00e9',
  'x'.repeat(1021),
  'argon2id',
  'manifest',
  'entry',
  'genesis',
  'device-add',
  'device-revoke',
  'record',
  'vault-add',
];
const lengths = [0, 1, 15, 16, 17, 31, 32, 33, 64, 72, 104, 200, 201];

const anyLeaf = (dice: Dice): Cbor => {
  switch (dice.under(6)) {
    case 0:
      return null;
    case 1:
      return dice.under(2) === 0;
    case 2:
      return dice.pick(texts);
    case 3:
      return new Uint8Array(dice.pick(lengths)).fill(dice.under(3));
    case 4:
      return [];
    default:
      return dice.pick(numbers);
  }
};

/** One element, at any depth, changed, dropped, doubled or exchanged; byte strings that hold CBOR are entered. */
function mutateCbor(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const value = decoded(bytes);
  if (value === undefined) return mutateBytes(bytes, other, dice);
  const donor = decoded(other);
  try {
    return encodeCbor(changed(value, donor, dice));
  } catch {
    return bytes;
  }
}

function decoded(bytes: Uint8Array): Cbor | undefined {
  try {
    return decodeCbor(bytes);
  } catch {
    return undefined;
  }
}

function part(value: Cbor, dice: Dice): Cbor {
  let at = value;
  while (Array.isArray(at) && at.length > 0 && dice.under(3) > 0) at = dice.pick(at as readonly Cbor[]);
  return at;
}

function changed(value: Cbor, donor: Cbor | undefined, dice: Dice): Cbor {
  if (Array.isArray(value) && value.length > 0 && dice.under(8) > 0) {
    const items = [...(value as readonly Cbor[])];
    const at = dice.under(items.length);
    switch (dice.under(14)) {
      case 0:
        items.splice(at, 1);
        break;
      case 1:
        items.splice(at, 0, items[at] as Cbor);
        break;
      case 2:
        items.splice(at, 0, anyLeaf(dice));
        break;
      case 3: {
        const with2 = dice.under(items.length);
        [items[at], items[with2]] = [items[with2] as Cbor, items[at] as Cbor];
        break;
      }
      case 4:
        items[at] = donor === undefined ? anyLeaf(dice) : part(donor, dice);
        break;
      case 5:
        items.push(...Array.from({ length: dice.pick([1, 16, 300]) }, () => items[at] as Cbor));
        break;
      default:
        items[at] = changed(items[at] as Cbor, donor, dice);
    }
    return items;
  }
  if (value instanceof Uint8Array && value.length > 0) {
    const inner = value.length > 20 ? decoded(value) : undefined;
    if (Array.isArray(inner) && dice.under(4) > 0) return encodeCbor(changed(inner, donor, dice));
    if (dice.under(2) === 0) return mutateBytes(value, value, dice);
  }
  if (typeof value === 'number' && dice.under(2) === 0) return value + dice.pick([-1, 1, 2, 256, 4096]);
  return donor !== undefined && dice.under(4) === 0 ? part(donor, dice) : anyLeaf(dice);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Words of the target's language put in, dropped, doubled, or taken from another input. */
function mutateText(bytes: Uint8Array, other: Uint8Array, words: readonly string[], dice: Dice): Uint8Array {
  const text = decoder.decode(bytes);
  const tokens = text.match(/[\p{L}\p{N}_-]+|\s+|./gsu) ?? [];
  const at = dice.under(tokens.length + 1);
  const word =
    words.length > 0 && dice.under(3) > 0
      ? dice.pick(words)
      : dice.pick(decoder.decode(other).match(/[\p{L}\p{N}_-]+|./gsu) ?? ['']);
  switch (dice.under(6)) {
    case 0:
      tokens.splice(at, 1);
      break;
    case 1:
      tokens.splice(at, 1, word);
      break;
    case 2:
      tokens.splice(at, 0, word);
      break;
    case 3:
      tokens.splice(at, 0, ...Array.from({ length: dice.pick([2, 8, 200]) }, () => tokens[at] ?? word));
      break;
    case 4:
      tokens.splice(at, 1 + dice.under(8));
      break;
    default:
      tokens.splice(at, 0, ...tokens.slice(at, at + 1 + dice.under(12)));
  }
  return encoder.encode(tokens.join(''));
}
