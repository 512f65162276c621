const leastLength = 10;
/** Of what is left when guessable parts count for one character each. */
const leastWeight = 8;

// What heads the lists of leaked passwords, as words that people vary. Not a dictionary: phrases of ordinary words are good.
const worn =
  'password passwort passphrase letmein welcome admin administrator login master secret changeme holdfast default iloveyou ' +
  'princess dragon monkey football baseball sunshine shadow superman batman pokemon michael jordan charlie summer winter spring autumn ' +
  'january february march april june july august september october november december monday friday sommer winter hallo hello';
const wornWords = [...new Set(worn.split(' '))].sort((a, b) => b.length - a.length);

const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];
const rows = [...runs, ...runs.map((run) => [...run].reverse().join(''))];

const plainLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * Why a password is refused at sign-up, as a sentence; null if it will do. Whoever takes the server's data can try
 * passwords at leisure (FORMAT.md 14): this keeps out only those that are tried first.
 */
export function passwordFault(password: string, email: string): string | null {
  const text = password.normalize('NFKC').toLowerCase();
  if ([...text].length < leastLength)
    return `A password needs at least ${leastLength} characters; four or five words do well.`;
  if (new TextEncoder().encode(password.normalize('NFKC')).length > 1024) return 'A password has at most 1024 bytes.';
  if (weight(text, [...ownWords(email), ...wornWords]) < leastWeight) {
    return 'This password is among the first that are guessed; four or five words that do not belong together do well.';
  }
  return null;
}

const ownWords = (email: string): string[] =>
  email
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);

/** Characters, but a worn word, a run of a keyboard or alphabet, a year, and a repeated part count as one. */
function weight(text: string, words: readonly string[]): number {
  const plain = [...text].map((char) => plainLetters[char] ?? char).join('');
  const seen = new Set<string>();
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const length = Math.max(
      words.find((word) => text.startsWith(word, at) || plain.startsWith(word, at))?.length ?? 0,
      /^(19|20)\d\d/.exec(text.slice(at))?.[0].length ?? 0,
      runLength(text, at),
      repeatLength(text, at, seen),
      1,
    );
    seen.add(text.slice(at, at + 3));
    at += length;
  }
  return count;
}

/** Neighbours on a keyboard or in the alphabet, three or more; or one character again and again. */
function runLength(text: string, at: number): number {
  let length = 1;
  while (text[at + length] === text[at]) length++;
  for (const row of rows) {
    const start = row.indexOf(text[at] ?? '');
    let same = 0;
    while (start >= 0 && start + same < row.length && row[start + same] === text[at + same]) same++;
    length = Math.max(length, same);
  }
  return length >= 3 ? length : 0;
}

/** Length of a part that was there before, three or more. */
function repeatLength(text: string, at: number, seen: ReadonlySet<string>): number {
  if (at + 3 > text.length || !seen.has(text.slice(at, at + 3))) return 0;
  let length = 3;
  while (at + length < text.length && text.slice(0, at).includes(text.slice(at, at + length + 1))) length++;
  return length;
}
