import { describe, expect, it } from 'vitest';
import { en } from '../../../renderer/i18n/en.ts';
import { parseRecoveryWords, recoveryWords } from '../../../src/crypto/recovery.ts';

const key = Uint8Array.from({ length: 32 }, (_, at) => at * 7);
const words = recoveryWords(key).split(' ');
const list = (mark: string, end: string) => words.map((word, at) => `${at + 1}${mark} ${word}`).join(end);

describe('recovery words as people type or paste them', () => {
  it.each([
    ['in one line', words.join(' ')],
    ['in capitals, with much space', `  ${words.join('\n\t').toUpperCase()} `],
    ['as the list of the file that is saved', list('.', '\n')],
    ['as that list, pasted into a field of one line', list('.', ' ')],
    ['as a list of one’s own', list(')', '\n')],
    ['as the window shows them', list('', '\n')],
  ])('%s', (_, text) => {
    expect(parseRecoveryWords(text)).toEqual(key);
  });

  it('are those of the file that the window saves', () => {
    const file = en.words.fileText('ada@example.org', list('.', '\n'));
    const [, saved = ''] = file.split('\n\n');
    expect(parseRecoveryWords(saved)).toEqual(key);
  });

  it.each([
    ['one too few', words.slice(1).join(' '), 'these are 23'],
    ['numbers alone', list('.', ' ').replaceAll(/[a-z]+/g, ''), 'these are 0'],
    ['one in another place', [...words.slice(1), words[0]].join(' '), 'not the recovery words'],
  ])('not %s', (_, text, message) => {
    expect(() => parseRecoveryWords(text)).toThrow(message);
  });
});
