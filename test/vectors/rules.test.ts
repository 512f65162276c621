import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Rules of conduct over time, which tests of the server and the engine cover under other names. Only ever shrinks. */
const named: readonly string[] = ['F-CKPT-3', 'F-ENTRY-2', 'F-EPOCH-4', 'F-FREEZE-3', 'F-LOGIN-3', 'F-MAN-4'];

it('every rule of FORMAT.md has a vector or a test that names it', () => {
  const format = readFileSync(join(root, 'src/crypto/FORMAT.md'), 'utf8');
  const rules = new Set([...format.matchAll(/\*\*\[(F-[A-Z]+-\d+)\]\*\*/g)].map(([, rule]) => rule as string));
  expect(rules.size).toBeGreaterThan(60);
  const files = globSync('test/{unit,property,contract,integration,sim,hostile,vectors}/**/*.{ts,json}', { cwd: root });
  for (const file of files) {
    if (file.endsWith('vectors/rules.test.ts')) continue;
    for (const [rule] of readFileSync(join(root, file), 'utf8').matchAll(/F-[A-Z]+-\d+/g)) rules.delete(rule);
  }
  for (const rule of named) rules.delete(rule);
  expect([...rules]).toEqual([]);
});
