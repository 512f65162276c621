import type { Dice } from '../../sim/random.ts';
import type { Json } from '../harness/lies.ts';

/** Text that acts on what shows it, or means something to a language or a disk. */
const oddTexts = [
  '',
  '__proto__',
  'constructor',
  '../../x',
  'a\0b',
  '\x1b[2J\x07',
  '\u202egnp.exe',
  '<img src=x onerror=alert(1)>',
  '\ud800',
  'NaN',
  '0'.repeat(32),
  'A'.repeat(43),
  'A'.repeat(70_000),
];

const oddNumbers = [-1, 0, 0.5, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308, 8.64e15, -0];

const oddValues: readonly Json[] = [null, true, [], {}, [[[[]]]], { toString: 1 }];

export function flip(dice: Dice, bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  if (copy.length === 0) return Uint8Array.of(dice.below(256));
  for (let count = 1 + dice.below(3); count > 0; count--) {
    const at = dice.below(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << dice.below(8));
  }
  return copy;
}

const texts = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another text of the same length and letters: what is base64url, or hexadecimal, mostly stays so. */
function flippedText(dice: Dice, text: string): string {
  if (text === '') return 'A';
  const at = dice.below(text.length);
  const letters = /^[0-9a-f]+$/.test(text) ? '0123456789abcdef' : texts;
  return text.slice(0, at) + dice.pick([...letters]) + text.slice(at + 1);
}

function oddLeaf(dice: Dice, value: Json, others: readonly Json[]): Json {
  if (dice.chance(0.3) && others.length > 0) return dice.pick(others);
  if (typeof value === 'string') return dice.chance(0.6) ? flippedText(dice, value) : dice.pick(oddTexts);
  if (typeof value === 'number') return dice.chance(0.4) ? value + dice.pick([-2, -1, 1, 2]) : dice.pick(oddNumbers);
  if (typeof value === 'boolean') return !value;
  return dice.pick(oddValues);
}

function oddList(dice: Dice, list: readonly Json[], others: readonly Json[]): Json {
  const copy = [...list];
  const at = dice.below(Math.max(1, copy.length));
  switch (dice.below(6)) {
    case 0:
      copy.splice(at, 1);
      return copy;
    case 1:
      copy.splice(at, 0, copy[dice.below(Math.max(1, copy.length))] ?? null);
      return copy;
    case 2:
      return copy.reverse();
    case 3:
      return copy.slice(0, at);
    case 4:
      return [...copy.slice(at), ...copy.slice(0, at)];
    default:
      return copy.concat(others.slice(0, 3));
  }
}

function oddObject(dice: Dice, object: Json): Json {
  const copy = { ...object };
  const names = Object.keys(copy);
  if (dice.chance(0.5) && names.length > 0) delete copy[dice.pick(names)];
  else {
    const name = dice.pick(['__proto__', 'constructor', 'toString', 'next', 'error', 'isLast', 'entries']);
    Object.defineProperty(copy, name, { value: dice.pick(oddValues), enumerable: true, configurable: true });
  }
  return copy;
}

/** All leaves of a document, to be put where others stand. */
export function leavesOf(value: Json): Json[] {
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [value];
}

/** The document with one thing in it changed. `others`: values that stand elsewhere in what the server says. */
export function mangleJson(dice: Dice, value: Json, others: readonly Json[]): Json {
  const isInner = value !== null && typeof value === 'object';
  const names = isInner ? Object.keys(value) : [];
  if (names.length > 0 && dice.chance(0.8)) {
    const name = dice.pick(names);
    const changed = mangleJson(dice, value[name], others);
    if (Array.isArray(value)) return value.map((each, at) => (String(at) === name ? changed : each));
    return { ...value, [name]: changed };
  }
  if (Array.isArray(value)) return oddList(dice, value, others);
  return isInner ? oddObject(dice, value) : oddLeaf(dice, value, others);
}

/** Documents that no honest server says, as text. */
export function oddDocument(dice: Dice): string {
  switch (dice.below(7)) {
    case 0:
      return '['.repeat(1 + dice.below(200_000));
    case 1:
      return `{${Array.from({ length: dice.below(50_000) }, (_, at) => `"k${at}":${at}`).join()}}`;
    case 2:
      return '{"entries":[],"entries":[null],"head":{"seq":0,"seq":9007199254740993,"hash":""},"isLast":true}';
    case 3:
      return '{"__proto__":{"isLast":true,"entries":[]},"events":[],"vaults":[]}';
    case 4:
      return `{"entries":[],"events":[],"head":{"seq":1e400,"hash":"${'A'.repeat(43)}"},"isLast":true}`;
    case 5:
      return '';
    default:
      return dice.pick(['null', '0', '"', '\ufeff{}', '{}', '[]', 'true', '<html>', '\0']);
  }
}
