import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';
import { breachText, checkHouse } from './check-house.ts';
import { layers, manyLines, maxLines } from './layers.ts';

const roots = ['src', 'main', 'renderer', 'resources', 'test'];

const readSources = (): Map<string, string> => {
  const files = readdirSync(repository, { withFileTypes: true })
    .filter((entry) => roots.includes(entry.name))
    .flatMap((entry) =>
      readdirSync(join(repository, entry.name), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(entry.name, path),
      ),
    )
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules'));
  return new Map(files.map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
};

/** The breaches in a house of these files alone. */
const breaches = (files: Readonly<Record<string, string>>): string[] =>
  checkHouse(new Map(Object.entries(files))).map(breachText);

test('the house stands: every import is allowed, nothing is in a circle, no file is a barrel or too long', () => {
  const sources = readSources();
  expect(sources.size).toBeGreaterThan(50);
  const long = [...sources].map(([file, source]) => ({ file, lines: source.split('\n').length - 1 }));
  for (const { file, lines } of long.filter((one) => one.lines > manyLines)) {
    process.stderr.write(`warning: ${file} has ${lines} lines; split it before it has ${maxLines}\n`);
  }
  expect(checkHouse(sources).map(breachText)).toEqual([]);
});

describe('an import that the table forbids is named with file, import and reason', () => {
  const planted: [file: string, code: string, reason: RegExp][] = [
    ['src/common/a.ts', `import { x } from '../model/node.ts';`, /the floor of the house/],
    ['src/model/a.ts', `import { x } from '../wire/types.ts';`, /does not know how it travels/],
    ['src/model/a.ts', `import { z } from 'zod';`, /parsing belongs to the borders/],
    ['src/wire/a.ts', `import type { N } from '../model/node.ts';`, /must not learn what a node/],
    ['src/wire/a.ts', `import got from 'got';`, /its packages are zod/],
    ['src/rpc/a.ts', `import { x } from '../model/node.ts';`, /only types of model/],
    ['src/rpc/a.ts', `import { type X } from '../model/node.ts';`, /only types of model/],
    ['src/plan/a.ts', `import { readFileSync } from 'node:fs';`, /same answer everywhere/],
    ['src/plan/a.ts', `import type { Index } from '../db/index-port.ts';`, /function of three trees/],
    ['src/crypto/a.ts', `import type { N } from '../model/node.ts';`, /what they mean is the vault/],
    ['src/crypto/a.ts', `import { readFile } from 'node:fs/promises';`, /bytes in, bytes out/],
    ['src/chunk/a.ts', `import { sha256 } from '../crypto/sha256.ts';`, /the strong hash is a port/],
    ['src/chunk/a.ts', `import { open } from 'node:fs/promises';`, /a reader and a hash are handed in/],
    ['src/vault/a.ts', `import type { StorageApi } from '../remote/storage-api.ts';`, /how it was fetched/],
    ['src/vault/a.ts', `import { randomBytes } from 'node:crypto';`, /primitives come from crypto/],
    ['src/db/a.ts', `import type { S } from '../local/file-system.ts';`, /meet only in the engine/],
    ['src/db/a.ts', `import { x } from '../vault/replay.ts';`, /it cannot verify/],
    ['src/local/a.ts', `import type { I } from '../db/index-port.ts';`, /meet only in the engine/],
    ['src/remote/a.ts', `import { x } from '../vault/replay.ts';`, /opaque to the one who carries/],
    ['src/remote/a.ts', `import { x } from '../server/start.ts';`, /share wire and nothing else/],
    ['src/engine/a.ts', `import { openIndex } from '../db/open.ts';`, /the simulation can hand in a fake/],
    ['src/engine/a.ts', `import { type I, x } from '../db/index-port.ts';`, /the simulation can hand in a fake/],
    ['src/engine/a.ts', `import { hash } from 'node:crypto';`, /virtual time over fakes/],
    ['src/engine/a.ts', `import { x } from '../app/supervisor.ts';`, /never the other way round/],
    ['src/server/a.ts', `import type { N } from '../model/node.ts';`, /must not learn what a node/],
    ['src/server/a.ts', `import { x } from '../vault/replay.ts';`, /cannot decrypt by construction/],
    ['src/server/a.ts', `import { x } from '../crypto/password.ts';`, /only signature and hash checks/],
    ['src/app/a.ts', `import { app } from 'electron';`, /plain Node as well/],
    ['src/app/a.ts', `import { x } from '../cli/main.ts';`, /a client of app/],
    ['src/cli/a.ts', `import { x } from '../engine/pair.ts';`, /as the window’s do/],
    ['src/cli/a.ts', `import { x } from '../crypto/sign.ts';`, /it may import app, rpc, common/],
    ['main/a.ts', `import { x } from '../src/vault/key-ring.ts';`, /keys live only in the engine/],
    ['renderer/a.tsx', `import { join } from 'node:path';`, /runs in a browser/],
    ['renderer/a.tsx', `import { x } from '../src/model/node.ts';`, /only types of model/],
    ['renderer/a.tsx', `import { x } from '../main/tray.ts';`, /the window, which also runs in a browser/],
    ['src/engine/a.ts', `import { x } from '../../test/helpers/temp.ts';`, /the loop of a folder pair/],
    ['src/engine/a.ts', `import data from '../../package.json' with { type: 'json' };`, /nothing from the root/],
    ['src/attic/a.ts', `export const x = 1;`, /no line in test\/house\/layers.ts/],
  ];
  test.each(planted)('%s: %s', (file, code, reason) => {
    const found = breaches({ [file]: `${code}\nexport const own = 1;\n` });
    expect(found.join('\n')).toMatch(reason);
    expect(found.join('\n')).toContain(`${file}:1`);
  });

  const forms: [form: string, code: string][] = [
    ['a re-export', `export { x } from '../vault/replay.ts';\nexport const own = 1;`],
    ['a dynamic import', `export const load = () => import('../vault/replay.ts');`],
    ['require', `export const x = require('../vault/replay.ts');`],
    ['an import type', `export type X = import('../vault/replay.ts').X;`],
    ['a worker', `export const w = new Worker(new URL('../vault/replay.ts', import.meta.url));`],
    ['an import for its effect', `import '../vault/replay.ts';\nexport const own = 1;`],
  ];
  test.each(forms)('%s counts as an import', (_, code) => {
    expect(breaches({ 'src/remote/a.ts': code })).toEqual([expect.stringContaining('opaque')]);
  });

  test('an import that is computed is a breach, since nobody can check it', () => {
    expect(breaches({ 'src/app/a.ts': 'export const load = (name: string) => import(name);' })).toHaveLength(1);
  });
});

test('what the table allows is left alone', () => {
  const allowed = {
    'src/plan/a.ts': `import { must } from '../common/errors.ts';\nimport type { N } from '../model/node.ts';\nexport const a = new Date(0);`,
    'src/rpc/a.ts': `import { z } from 'zod';\nimport type { S } from '../model/status.ts';\nexport const a = 1;`,
    'src/engine/a.ts': `import type { I } from '../db/index-port.ts';\nimport { p } from '../plan/plan.ts';\nexport const a = 1;`,
    'src/server/a.ts': `import { verify } from '../crypto/sign.ts';\nimport fastify from 'fastify';\nexport const a = 1;`,
    'src/app/a.ts': `import { x } from '../engine/pair.ts';\nimport { y } from '../db/open.ts';\nexport const a = Date.now();`,
    'test/unit/a.test.ts': `import { x } from '../../src/vault/replay.ts';\nimport { y } from 'node:fs';`,
  };
  expect(breaches(allowed)).toEqual([]);
});

test('the server reaches nothing that opens a box, not through others either', () => {
  const files = {
    'src/server/a.ts': `import { check } from '../crypto/entry-header.ts';\nexport const a = 1;`,
    'src/crypto/entry-header.ts': `import { help } from './helper.ts';\nexport const check = 1;`,
    'src/crypto/helper.ts': `import { open } from './box.ts';\nexport const help = 1;`,
  };
  const trail =
    /src\/crypto\/helper\.ts:1 {2}\.\/box\.ts .* src\/server\/a\.ts → src\/crypto\/entry-header\.ts → src\/crypto\/helper\.ts/;
  expect(breaches(files).join('\n')).toMatch(trail);
  const types = { ...files, 'src/crypto/helper.ts': `import type { B } from './box.ts';\nexport const help = 1;` };
  expect(breaches(types)).toEqual([]);
  const native = {
    ...files,
    'src/crypto/helper.ts': `import { createDecipheriv } from 'node:crypto';\nexport const help = 1;`,
  };
  expect(breaches(native).join('\n')).toMatch(/createDecipheriv .*cannot decrypt by construction/);
  expect(breaches({ 'src/server/a.ts': 'export const a = (c: any) => c.createDecipheriv();' })).toHaveLength(1);
});

test('circles, barrels and files that are too long are breaches', () => {
  const circle = breaches({
    'src/vault/a.ts': `import { b } from './b.ts';\nexport const a = 1;`,
    'src/vault/b.ts': `import { c } from './c.ts';\nexport const b = 1;`,
    'src/vault/c.ts': `import { a } from './a.ts';\nexport const c = 1;`,
  });
  expect(circle).toEqual([
    expect.stringContaining('a circle: src/vault/a.ts → src/vault/b.ts → src/vault/c.ts → src/vault/a.ts'),
  ]);
  expect(breaches({ 'src/vault/all.ts': `export { a } from './a.ts';\nexport { b } from './b.ts';` })).toHaveLength(1);
  expect(breaches({ 'src/vault/all.ts': `export * from './a.ts';\nexport const own = 1;` })).toHaveLength(1);
  expect(breaches({ 'src/vault/index.ts': 'export const own = 1;' })).toHaveLength(1);
  expect(breaches({ 'src/vault/a.ts': 'export {};\n'.padEnd(maxLines + 20, '\n') })).toEqual([
    expect.stringContaining('no file is longer'),
  ]);
});

describe('what makes a run unrepeatable is kept out of neutral folders, chunk, vault and engine', () => {
  const planted: [code: string, reason: RegExp][] = [
    ['Date.now()', /the time is an input/],
    ['new Date()', /the time is an input/],
    ['Date()', /the time is an input/],
    ['performance.now()', /the time is an input/],
    ['Math.random()', /a seed repeats a run/],
    ['setTimeout(() => 0, 1)', /virtual time/],
    ['process.env', /read once/],
    [`'a'.localeCompare('b')`, /differ between computers/],
    ['Intl.NumberFormat()', /differ between computers/],
  ];
  const folders = Object.entries(layers).filter(
    ([, layer]) => layer.without.includes('time') && layer.without.includes('randomness'),
  );
  test.each(planted)('%s', (code, reason) => {
    expect(folders.map(([name]) => name)).toEqual(
      expect.arrayContaining(['common', 'model', 'wire', 'plan', 'rpc', 'chunk', 'vault', 'engine']),
    );
    for (const [name] of folders) {
      const found = breaches({ [`src/${name}/a.ts`]: `export const a = () => ${code};` });
      expect(found).toEqual([expect.stringMatching(reason)]);
    }
  });

  test('a planner never waits', () => {
    const waiting = [
      'export const a = async () => 1;',
      'export async function a() {}',
      'export const a: Promise<void> | null = null;',
    ];
    for (const code of waiting)
      expect(breaches({ 'src/plan/a.ts': code })).toEqual([expect.stringMatching(/one synchronous step/)]);
  });
});
