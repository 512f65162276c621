import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attacks, notYet } from '../hostile/catalogue.ts';

const tests = join(import.meta.dirname, '..');

/** Texts in the sources of tests, without what is only said in comments. */
const titles = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.test\.ts$|-contract\.ts$/.test(name) && !name.endsWith('catalogue.test.ts'))
  .flatMap((name) => readFileSync(join(tests, name), 'utf8').split('\n'))
  .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
  .flatMap((line) => [...line.matchAll(/(['`])((?:(?!\1).)*)\1/g)].map(([, , text]) => text as string));

it('every published attack has a test that is named by it', () => {
  const bare = Object.keys(attacks).filter((id) => !titles.some((title) => new RegExp(`\\b${id}\\b`).test(title)));
  expect(bare).toEqual([]);
});

const catalogue = join(tests, '../../shared/security.md');

it('the catalogue has no attack that is not listed here', ({ skip }) => {
  if (!existsSync(catalogue)) return skip(`the catalogue is not there: ${catalogue}`);
  const ids = [...readFileSync(catalogue, 'utf8').matchAll(/^- \*\*([KSLHP]\d+)\b/gm)].map(([, id]) => id as string);
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.filter((id) => !(id in attacks) && !(id in notYet))).toEqual([]);
});
