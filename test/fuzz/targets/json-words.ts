/** Text of whatever bytes. */
export const textOf = (input: Uint8Array): string => Buffer.from(input).toString('utf8');
export const id = '0123456789abcdef'.repeat(2);
export const hash = 'ab'.repeat(32);

/** What JSON is made of, for inputs that are put together of it. */
export const jsonWords = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '9007199254740993',
  '1.5',
  '"__proto__"',
  '"\\ud800"',
  '""',
  `"${id}"`,
  `"${hash}"`,
];
