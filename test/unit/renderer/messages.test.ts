import { describe, expect, test } from 'vitest';
import { catalogues, directionOf, languageFor } from '../../../renderer/i18n/catalogues.ts';
import { en } from '../../../renderer/i18n/en.ts';
import { formatIn } from '../../../renderer/i18n/format.ts';
import { phrasesIn } from '../../../renderer/i18n/phrase.ts';
import { germanPhrases } from '../../../renderer/i18n/phrases/de.ts';
import { spokenTexts } from '../../helpers/spoken.ts';

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
  'direction',
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

/** Parts of the code that look like sentences of the engine, and are none that a window shows by themselves. */
const unspoken = new Set([
  // Parts of the sentences about a file, which are in the catalogue as wholes.
  ...['% bytes of %, revision %', 'change % of %', 'File %: %.', 'File %, placed there by %: %.', '% (here %)'],
  ...['Folder %, placed there by %.', 'Deleted from % by %.', 'an unknown time', 'The folder', 'version %'],
  // The constant of ChaCha20.
  'expand 32-byte k',
  // Put together of sentences that are in the catalogue.
  '% “%”%, made by the device %. %',
  '% is not selected on this device, but something is there. It is not synced; move it elsewhere or select % again.',
  // Names: of files, devices, checks and keychains.
  ...['This computer', 'another device', 'conflict from %, %', 'file with passphrase', 'System Volume Information/'],
  ...['folder %', 'index of %', 'history of %'],
  // Hints for the command line, which a window replaces by its own buttons.
  ...['Say which one with --pair; `pairs` lists them.', 'Give the whole id.'],
  'Make that folder first, or check the spelling.',
  // For the log, for other programs, or for tests of themselves.
  ...[
    'looking at the account',
    'the stream of hints',
    'opening a pair',
    'the server of this computer',
    'what is under way is to end',
    'connect-src %',
  ],
  ...[
    'What the system is set to',
    'Bearer %',
    'Basic %',
    'not base64url',
    'small box',
    'Beauty is truth, truth beauty',
    'whats the Elvish word for friend',
  ],
  ...['a value is missing', 'an id is 32 lower-case hexadecimal digits', 'an id has 16 bytes'],
]);

/** Files whose sentences no window shows: faults of the index, which is rebuilt then; why an update was refused, which is logged. */
const unspokenFiles = /^(db\/(integrity|migrations)\.ts|app\/update\/.*)$/;
const isList = (text: string): boolean => text.split(' ').length > 12 && !/[.,;:]/.test(text);

test('whatever the engine says has its German form', () => {
  const normal = (text: string): string => text.replaceAll(/%[nbtps]\d?/g, '%');
  const known = new Set(Object.keys(germanPhrases).map(normal));
  const isKnown = (text: string): boolean =>
    known.has(text) ||
    text
      .trim()
      .split(/(?<=\.) (?=[A-Z%])/)
      .every((sentence) => sentence === '%' || known.has(sentence));
  const missing = [...spokenTexts()]
    .filter(([text, file]) => !unspoken.has(text) && !unspokenFiles.test(file) && !isList(text) && !isKnown(text))
    .map(([text, file]) => `${file}: ${text}`);
  expect(missing).toEqual([]);
});

test('the German forms put in all that was found, and nothing that was not', () => {
  const marksOf = (text: string): string[] => [...text.matchAll(/%([nbts])/g)].map(([, kind = '']) => kind).sort();
  const wrong = Object.entries(germanPhrases).filter(
    ([key, german]) => !marksOf(german).every((mark) => marksOf(key).includes(mark)),
  );
  expect(wrong).toEqual([]);
});

test('writes numbers of the engine as it writes its own, in each language', () => {
  const held =
    '1342 files and folders were deleted on another device. They stay in the folder here until you allow it.';
  expect(phrasesIn(en.phrases, formatIn('en'))(held)).toBe(held.replace('1342', '1,342'));
  expect(phrasesIn(germanPhrases, formatIn('de'))(held)).toMatch(/^1\.342 Dateien /);
});

describe('a sentence of the engine', () => {
  const format = formatIn('en');
  const phrase = phrasesIn(
    {
      'One.': 'Eins.',
      '%p is a link.': '%p ist ein Link.',
      '%n files went.': '%n Dateien sind weg.',
      '%p: %s': '%p: %s',
      'it is full': 'es ist voll',
      'It has %b bytes of %t and %t.': 'Es ist von %t2 und %t und hat %b.',
    },
    format,
  );
  test('is found whole, or each for itself; what is not known stays', () => {
    expect(phrase('One.')).toBe('Eins.');
    expect(phrase('One. Another.')).toBe('Eins. Another.');
  });
  test('keeps the path and the number that stand in it, whatever they hold', () => {
    expect(phrase('a/%n $& b is a link.', 'a/%n $& b')).toBe('a/%n $& b ist ein Link.');
    expect(phrase('My file. Draft is a link.', 'My file. Draft')).toBe('My file. Draft ist ein Link.');
    expect(phrase('12345 files went.')).toBe('12,345 Dateien sind weg.');
  });
  test('is looked up in a sentence, too', () => {
    expect(phrase('a.txt: it is full')).toBe('a.txt: es ist voll');
  });
  test('does not take two sentences for a path', () => {
    expect(phrase('Something else. It is a link.')).toBe('Something else. It ist ein Link.');
  });
  test('writes sizes and times as the language does, in its own order', () => {
    const [first, second] = ['2026-05-04T10:11:12.131Z', '2026-05-01T12:56:01.375Z'];
    expect(phrase(`It has 2048 bytes of ${first} and ${second}.`)).toBe(
      `Es ist von ${format.moment(Date.parse(second))} und ${format.moment(Date.parse(first))} und hat 2\u00a0KiB.`,
    );
  });
});

test('the language is the one that was chosen, else the first known one that the browser prefers, else English', () => {
  expect(languageFor('de', ['en'])).toBe('de');
  expect(languageFor('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(languageFor('system', ['fr'])).toBe('en');
  expect(languageFor('constructor', [])).toBe('en');
});

test('each catalogue says in which way its language is written', () => {
  for (const language of Object.keys(catalogues)) {
    const { direction } = (
      new Intl.Locale(language) as Intl.Locale & { getTextInfo(): { direction: string } }
    ).getTextInfo();
    expect(directionOf(language), language).toBe(direction);
  }
});

test('sizes, spans and times are written as the language does', () => {
  const [english, german] = [formatIn('en'), formatIn('de')];
  expect(english.bytes(0)).toBe('0\u00a0B');
  expect(english.bytes(1536)).toBe('2\u00a0KiB');
  expect(german.bytes(1.5 * 1024 ** 3)).toBe('1,5\u00a0GiB');
  expect(english.span(90_000)).toBe('2 min');
  expect(english.ago(0, 5 * 60_000)).toBe('5 minutes ago');
  expect(german.ago(0, 26 * 3_600_000)).toBe('gestern');
  expect([english.ago(60_000, 0), english.ago(3_700_000, 0)]).toEqual(['now', english.moment(3_700_000)]);
  const [soon, late] = [3_600_000, 7 * 24 * 3_600_000];
  expect([english.until(soon, 0), english.until(late, 0)]).toEqual([english.clock(soon), english.moment(late)]);
  const morning = new Date(2026, 4, 4, 7, 5).getTime();
  for (const language of ['en-US', 'en-GB', 'de']) {
    const { clock, moment } = formatIn(language);
    expect(moment(morning), language).toMatch(new RegExp(`\\s${clock(morning)}$`));
  }
});
