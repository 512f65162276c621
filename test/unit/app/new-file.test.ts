import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { newFile } from '../../../src/app/home/new-file.ts';
import { tempFolder } from '../../helpers/temp.ts';

async function saved(name: string, isTaken = false): Promise<string> {
  const folder = await tempFolder('new-file');
  if (isTaken) writeFileSync(join(folder, name), '');
  const { file, handle } = await newFile(folder, name);
  await handle.close();
  return basename(file);
}

it.each([
  ['a.tar.gz', 'a.tar.gz'],
  ['.profile', '.profile'],
  ['a/b:c', 'a_b_c'],
  // Devices, and ends that Windows cuts off: there nobody could delete such a file.
  ['aux.txt', '_aux.txt'],
  ['notes.', 'notes_'],
  ['..', '__'],
  ['', 'file'],
])('%s is saved as %s', async (name, expected) => {
  expect(await saved(name)).toBe(expected);
});

it('what is taken gets a number, and a long name room for it', async () => {
  expect(await saved('a.txt', true)).toBe('a (1).txt');
  expect(await saved(`${'é'.repeat(125)}.txt`, true)).toBe(`${'é'.repeat(123)} (1).txt`);
  const long = await saved(`${'漢'.repeat(255)}.txt`);
  expect(long).toMatch(/^漢+\.txt$/);
});
