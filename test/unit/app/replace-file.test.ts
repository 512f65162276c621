import { expect, it } from 'vitest';
import { replaceFile } from '../../../src/app/home/replace-file.ts';

/** Refuses so many times, then does it. */
function refusing(times: number, code: string) {
  let tries = 0;
  const rename = (): void => {
    if (tries++ < times) throw Object.assign(new Error(code), { code });
  };
  return { rename, tries: () => tries };
}

it.each(['EPERM', 'EACCES', 'EBUSY'])('is tried again where Windows says %s for a moment', (code) => {
  const { rename, tries } = refusing(3, code);
  replaceFile('a', 'b', 'win32', rename);
  expect(tries()).toBe(4);
});

it('gives up what does not pass', () => {
  const { rename } = refusing(Number.POSITIVE_INFINITY, 'EPERM');
  expect(() => replaceFile('a', 'b', 'win32', rename)).toThrow('EPERM');
});

it.each([
  ['linux', 'EPERM'],
  ['win32', 'ENOSPC'],
] as const)('is not tried again on %s for %s', (platform, code) => {
  const { rename, tries } = refusing(1, code);
  expect(() => replaceFile('a', 'b', platform, rename)).toThrow(code);
  expect(tries()).toBe(1);
});
