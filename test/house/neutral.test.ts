import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, runNode } from '../helpers/run.ts';
import { tempFolder } from '../helpers/temp.ts';
import { layers } from './layers.ts';

const neutralConfig = join(repository, 'src', 'tsconfig.neutral.json');

/** The lines of `source` at which the neutral compiler finds something. */
async function linesRefused(source: readonly string[]): Promise<number[]> {
  const folder = await tempFolder('neutral');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: neutralConfig, include: ['*.ts'] }));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'planted.ts'), source.join('\n'));
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await runNode([tsc, '-p', folder, '--pretty', 'false'], { cwd: folder });
  return [...stdout.matchAll(/planted\.ts\((\d+),/g)].map((match) => Number(match[1]));
}

test('neutral code that uses Node or the DOM does not compile', async () => {
  const planted = [
    'setTimeout(() => undefined, 1);',
    'process.exit(0);',
    "Buffer.from('x');",
    "fetch('https://example.org');",
    'document.title;',
    'window.name;',
    "console.log('x');",
    'crypto.getRandomValues(new Uint8Array(1));',
    'performance.now();',
    'queueMicrotask(() => undefined);',
    "new TextEncoder().encode('x');",
  ];
  expect(await linesRefused(planted)).toEqual(planted.map((_, index) => index + 1));
});

test('plain ES2024 compiles as neutral code', async () => {
  expect(await linesRefused(['export const keys = Object.groupBy([1, 2], (n) => (n > 1 ? "big" : "small"));'])).toEqual(
    [],
  );
});

test('the neutral compiler covers exactly the neutral folders of the table', () => {
  const config = JSON.parse(readFileSync(neutralConfig, 'utf8')) as { include: string[] };
  const neutral = Object.entries(layers).filter(([, layer]) => layer.neutral);
  expect(config.include.toSorted()).toEqual(neutral.map(([name]) => name).toSorted());
});
