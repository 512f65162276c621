import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { VectorFile } from './case.ts';
import { testsInstead } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const format = readFileSync(join(root, 'src/crypto/FORMAT.md'), 'utf8');
const rules = [...format.matchAll(/\*\*\[(F-[A-Z]+-\d+)\]\*\*/g)].map(([, rule]) => rule as string);
const folder = join(import.meta.dirname, 'formats');
const cases = readdirSync(folder).flatMap(
  (name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as VectorFile).cases,
);
const refused = new Set(cases.filter(({ expect: wanted }) => wanted !== 'ok').map(({ rule }) => rule));
/** What breaks a tree rule is void and not refused: these vectors are good ones. */
const isVoid = (rule: string): boolean => rule.startsWith('F-TREE-') && cases.some((vector) => vector.rule === rule);

it('every rule of FORMAT.md has a number of its own, and every vector a rule', () => {
  expect(rules.length).toBeGreaterThan(75);
  expect(new Set(rules).size).toBe(rules.length);
  expect([...new Set(cases.map(({ rule }) => rule))].filter((rule) => !rules.includes(rule))).toEqual([]);
});

it('every sentence with a MUST belongs to a rule', () => {
  const [, ...sections] = format.split(/^## /m);
  const loose = sections
    .flatMap((section) => section.split(/\n(?=- |\d+\. )|\n\n/))
    .filter((part) => /\bMUST\b/.test(part) && !/\*\*\[F-[A-Z]+-\d+\]\*\*/.test(part));
  expect(loose).toEqual([]);
});

it('every rule has a vector that breaks it, or a named test where no vector can', () => {
  const bare = rules.filter((rule) => !refused.has(rule) && !isVoid(rule) && testsInstead[rule] === undefined);
  expect(bare).toEqual([]);
});

it('a rule names a test only if it has no vector, and that test is there', () => {
  for (const [rule, [file, says]] of Object.entries(testsInstead)) {
    expect(rules).toContain(rule);
    expect([rule, refused.has(rule)]).toEqual([rule, false]);
    expect([rule, readFileSync(join(root, 'test', file), 'utf8').includes(says)]).toEqual([rule, true]);
  }
});
