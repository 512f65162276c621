import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

test('the lock file knows the packages of every platform, also those that this registry lacks: `npm ci` asks for them', () => {
  const lock = JSON.parse(readFileSync(`${repository}package-lock.json`, 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        lock.packages[`node_modules/${name}`] === undefined &&
        lock.packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
});
