import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import { mutants } from '../sim/mutants/mutants.ts';

const sourceOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('the bugs planted for the simulation', () => {
  it('have ids of their own', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });

  for (const { id, scale = [], ...own } of mutants) {
    it(`${id} can be planted`, () => {
      for (const { file, find, replace } of [own, ...scale]) {
        const source = sourceOf(file);
        expect(source.split(find).length - 1, `its text in ${file}`).toBe(1);
        const planted = source.replace(find, () => replace);
        expect(planted).not.toBe(source);
        expect(() => stripTypeScriptTypes(planted)).not.toThrow();
      }
    });
  }
});
