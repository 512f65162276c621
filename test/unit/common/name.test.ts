import { expect, test } from 'vitest';
import { nameFault } from '../../../src/common/name.ts';

test.each(['\ud800', 'a\udfff', 'a\ud83d.txt'])('a name that no encoding has is none: %j', (name) => {
  expect(nameFault(name)).toBe('unicode');
});

test('whole characters beyond the first plane are as good as any', () => {
  expect(nameFault('\u{1f600}.txt')).toBeNull();
});
