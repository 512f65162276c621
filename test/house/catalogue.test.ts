import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apart, attacks, notYet } from '../hostile/catalogue.ts';

const tests = join(import.meta.dirname, '..');

const sources = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.test\.ts$|-contract\.ts$/.test(name) && !name.endsWith('catalogue.test.ts'))
  .map((name) => readFileSync(join(tests, name), 'utf8'));

/** Attacks that the texts of these sources name, without what is only said in comments. */
function namedIn(files: readonly string[]): (id: string) => boolean {
  const texts = files
    .flatMap((source) => source.split('\n'))
    .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
    .flatMap((line) => [...line.matchAll(/(['`])((?:(?!\1).)*)\1/g)].map(([, , text]) => text as string));
  return (id) => texts.some((text) => new RegExp(`\\b${id}\\b`).test(text));
}

it('every published attack has a test that is named by it', () => {
  const isNamed = namedIn(sources);
  expect(Object.keys(attacks).filter((id) => !isNamed(id))).toEqual([]);
});

it('each is told to a device that runs on, to one that is started anew and to a new one, or it is said why not', () => {
  const toAll = sources.filter((source) =>
    /\{[^}]*\brun(Account|Member)?Case\b[^}]*\} from '\.\/harness\//.test(source),
  );
  expect(toAll.length).toBeGreaterThan(5);
  const isTold = namedIn(toAll);
  expect(Object.keys(attacks).filter((id) => isTold(id) === id in apart)).toEqual([]);
});

const catalogue = join(tests, '../../shared/security.md');

it('the catalogue has no attack that is not listed here', ({ skip }) => {
  if (!existsSync(catalogue)) return skip(`the catalogue is not there: ${catalogue}`);
  const ids = [...readFileSync(catalogue, 'utf8').matchAll(/^- \*\*([KSLHP]\d+)\b/gm)].map(([, id]) => id as string);
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.filter((id) => !(id in attacks) && !(id in notYet))).toEqual([]);
});
