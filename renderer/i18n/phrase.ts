import type { Format } from './format.ts';

/**
 * Sentences of the engine by what they look like. In a key stand `%n` for a number, `%b` for a number of bytes, `%t` for a
 * time as machines write it, `%p` for a path or name and `%s` for a sentence, which is looked up itself. In the translation
 * the same marks stand for what was found, in that order; `%p2` is the second of its kind.
 */
type Phrases = Readonly<Record<string, string>>;

const marks = /%([nbtps])(\d?)/g;
const forms: Readonly<Record<string, string>> = {
  n: '(\\d+)',
  b: '(\\d+)',
  t: '(\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)',
  p: '([^]+?)',
  s: '([^]+?)',
};

interface Pattern {
  readonly form: RegExp;
  readonly kinds: readonly string[];
  readonly translation: string;
  /** Letters of its own: the more, the surer that it is meant. */
  readonly weight: number;
}

/** Looks sentences up; what is not there stays as it is. `path` is taken as a whole, whatever it holds. */
export type Phrasing = (text: string, path?: string | null) => string;

export function phrasesIn(phrases: Phrases, format: Pick<Format, 'count' | 'bytes' | 'moment'>): Phrasing {
  const patterns = Object.entries(phrases)
    .filter(([key]) => key.search(marks) !== -1)
    .map(([key, translation]) => patternOf(key, translation))
    .sort((a, b) => b.weight - a.weight);

  const filled = ({ form, kinds, translation }: Pattern, text: string, path: string | null): string | null => {
    const found = form.exec(text)?.slice(1);
    if (found === undefined || found.some((part, at) => isMuch(part, kinds[at], path))) return null;
    const seen = new Map<string, number>();
    return translation.replace(marks, (mark, kind: string, given: string) => {
      const place = given === '' ? (seen.get(kind) ?? 0) + 1 : Number(given);
      if (given === '') seen.set(kind, place);
      const at = kinds.flatMap((each, index) => (each === kind ? [index] : []))[place - 1];
      const part = at === undefined ? undefined : found[at];
      return part === undefined ? mark : shown(kind, part, path);
    });
  };
  const shown = (kind: string, part: string, path: string | null): string => {
    switch (kind) {
      case 'n':
        return format.count(Number(part));
      case 'b':
        return format.bytes(Number(part));
      case 't':
        return format.moment(Date.parse(part));
      case 's':
        return say(part, path);
      default:
        return part;
    }
  };
  const one = (text: string, path: string | null): string | null => {
    const known = phrases[text];
    if (known !== undefined) return known;
    for (const pattern of patterns) {
      const found = filled(pattern, text, path);
      if (found !== null) return found;
    }
    return null;
  };
  const say: Phrasing = (text, path = null) =>
    one(text, path) ??
    sentences(text)
      .map((sentence) => one(sentence, path) ?? sentence)
      .join(' ');
  return say;
}

function patternOf(key: string, translation: string): Pattern {
  const parts = key.split(/%[nbtps]/);
  const kinds = [...key.matchAll(marks)].map(([, kind = '']) => kind);
  const source = parts.map((part, at) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + (forms[kinds[at] ?? ''] ?? ''));
  return { form: new RegExp(`^${source.join('')}$`), kinds, translation, weight: parts.join('').length };
}

/** What stands for a path reaches over no end of a sentence, unless it is the path that was given. */
const isMuch = (part: string, kind: string | undefined, path: string | null): boolean =>
  (kind === 'p' || kind === 's') && part !== path && /\. [A-Z]/.test(part);

const sentences = (text: string): string[] => text.split(/(?<=\.) (?=[A-Z])/);
