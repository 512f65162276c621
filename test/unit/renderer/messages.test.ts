import { describe, expect, test } from 'vitest';
import { catalogues, languageFor } from '../../../renderer/i18n/catalogues.ts';
import { germanPhrases } from '../../../renderer/i18n/de-phrases.ts';
import { en } from '../../../renderer/i18n/en.ts';
import { formatIn } from '../../../renderer/i18n/format.ts';
import { phraseIn } from '../../../renderer/i18n/phrase.ts';
import { describeRule } from '../../../src/plan/describe-rule.ts';
import type { Rule } from '../../../src/plan/plan.ts';

/** Every message by its place in the catalogue: its text, or its text for sample inputs. */
function texts(catalogue: object, place = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    const at = `${place}${key}`;
    if (at === 'phrases') continue;
    if (typeof value === 'string') found.set(at, value);
    else if (typeof value === 'function') found.set(at, String(value(2, 2)));
    else for (const [inner, text] of texts(value as object, `${at}.`)) found.set(inner, text);
  }
  return found;
}

/** Words that are the same in both languages. */
const alike = new Set([
  'app',
  'common.perSecond',
  'state.offline',
  'files.column.name',
  'issues.all',
  'settings.server',
  'settings.version',
]);

describe.each(Object.keys(catalogues).filter((language) => language !== 'en'))('the catalogue of %s', (language) => {
  const own = texts(catalogues[language] as object);

  test('has every message of the English one, and no other', () => {
    expect([...own.keys()].sort()).toEqual([...texts(en).keys()].sort());
  });

  test('leaves nothing empty, and nothing in English', () => {
    const english = texts(en);
    const same = [...own].filter(([key, text]) => text.trim() === '' || text === english.get(key));
    expect(same.map(([key]) => key).filter((key) => !alike.has(key))).toEqual([]);
  });
});

test('every reason of a plan has its sentence in German', () => {
  const rules: Record<Rule, true> = {
    'both-agree': true,
    'both-gone': true,
    'same-place-same-content': true,
    'same-place-folders-merge': true,
    'content-in-doubt': true,
    'created-here': true,
    'edited-here': true,
    'replaced-here': true,
    'moved-here': true,
    'deleted-here': true,
    'created-there': true,
    'edited-there': true,
    'moved-there': true,
    'deleted-there': true,
    'edit-beats-delete': true,
    'move-keeps-content': true,
    'delete-keeps-ancestors': true,
    'edited-on-both-sides': true,
    'name-taken': true,
    'moved-on-both-sides-first-wins': true,
    'cycle-first-wins': true,
    'name-not-possible-here': true,
    'swap-by-way-of-a-temporary-name': true,
  };
  const missing = (Object.keys(rules) as Rule[]).map(describeRule).filter((text) => germanPhrases[text] === undefined);
  expect(missing).toEqual([]);
});

describe('a sentence of the engine', () => {
  const phrases = { 'One.': 'Eins.', '%p is a link.': '%p ist ein Link.', '%n files went.': '%n Dateien sind weg.' };
  test('is found whole, or each for itself; what is not known stays', () => {
    expect(phraseIn(phrases, 'One.')).toBe('Eins.');
    expect(phraseIn(phrases, 'One. Another.')).toBe('Eins. Another.');
  });
  test('keeps the path and the number that stand in it, whatever they hold', () => {
    expect(phraseIn(phrases, 'a/%n $& b is a link.', 'a/%n $& b')).toBe('a/%n $& b ist ein Link.');
    expect(phraseIn(phrases, '12 files went.')).toBe('12 Dateien sind weg.');
  });
});

test('the language is the one that was chosen, else the first known one that the browser prefers, else English', () => {
  expect(languageFor('de', ['en'])).toBe('de');
  expect(languageFor('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(languageFor('system', ['fr'])).toBe('en');
  expect(languageFor('constructor', [])).toBe('en');
});

test('sizes, spans and times are written as the language does', () => {
  const [english, german] = [formatIn('en'), formatIn('de')];
  expect(english.bytes(0)).toBe('0\u00a0B');
  expect(english.bytes(1536)).toBe('2\u00a0KB');
  expect(german.bytes(1.5 * 1024 ** 3)).toBe('1,5\u00a0GB');
  expect(english.span(90_000)).toBe('2 min');
  expect(english.ago(0, 5 * 60_000)).toBe('5 minutes ago');
  expect(german.ago(0, 26 * 3_600_000)).toBe('gestern');
});
