import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';
import { mutated, occurrences } from '../mutation/mutant.ts';
import { parseMutants } from '../mutation/read-mutants.ts';
import { securityMutants } from '../mutation/security/all.ts';
import { stagesOf } from '../mutation/security/stages.ts';
import { equivalents } from '../mutation/security/survivors.ts';

const sourceOf = (file: string): string => readFileSync(join(repository, file), 'utf8');

test('each security mutant fits one place of its file, and what it makes can be parsed', () => {
  expect(securityMutants.length).toBeGreaterThan(400);
  const wrong = securityMutants.filter(({ file, find }) => occurrences(sourceOf(file), find) !== 1);
  expect(wrong.map(({ id, file }) => `${file}: ${id}`)).toEqual([]);
  const broken = securityMutants.filter((mutant) => {
    const { errors } = parseSync(mutant.file, mutated(sourceOf(mutant.file), mutant));
    return errors.length > 0;
  });
  expect(broken.map(({ id }) => id)).toEqual([]);
});

test('each has an id of its own, a reason, and tests that should notice it', () => {
  expect(new Set(securityMutants.map(({ id }) => id)).size).toBe(securityMutants.length);
  for (const { file, why } of securityMutants) {
    expect(why).not.toBe('');
    expect(stagesOf(file).length).toBeGreaterThan(0);
  }
  const ids = new Set(securityMutants.map(({ id }) => id));
  expect(Object.keys(equivalents).filter((id) => !ids.has(id))).toEqual([]);
});

test('a text that is no list of mutants is refused', () => {
  expect(parseMutants('## a.ts\n\nx: why\n- one\n- two\n+ three\n')).toEqual([
    { id: 'x', file: 'a.ts', why: 'why', find: 'one\ntwo', replace: 'three' },
  ]);
  expect(() => parseMutants('what is this')).toThrow('line 1');
});
