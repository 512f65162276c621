import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildUi } from '../../../resources/build/build-ui.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('the window is built once for all who want it at once, and is whole, whatever a killed build left', async () => {
  const into = await tempFolder('build-ui');
  const done = join(into, 'dist', 'ui');
  for (const name of ['ui.new', 'ui']) {
    await mkdir(join(into, 'dist', name), { recursive: true });
    await writeFile(join(into, 'dist', name, 'left-over.js'), 'half of a file');
  }
  const seen = await Promise.all(
    [1, 2, 3].map(async () => {
      await buildUi({ into, staleOnly: true });
      return (await stat(done)).ino;
    }),
  );
  expect(new Set(seen).size).toBe(1);
  expect(await readdir(join(into, 'dist'))).toEqual(['ui', 'ui.lock']);
  expect(await readdir(done)).not.toContain('left-over.js');
  const page = await readFile(join(done, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(2);
  for (const path of named) expect(existsSync(join(done, path)), path).toBe(true);
  const licences = await readFile(join(done, 'licences.txt'), 'utf8');
  expect(licences).toMatch(/^react [\d.]+ \(MIT\)\n\nMIT License\n\nCopyright \(c\) Meta Platforms/m);
  // Without what packages hold for developers, though the environment is that of a test.
  const script = await readFile(join(done, named.find((path) => path.endsWith('.js')) ?? ''), 'utf8');
  expect(script.length).toBeLessThan(800_000);
  expect(script).not.toContain('react.dev/link/hooks-data-fetching');
});
