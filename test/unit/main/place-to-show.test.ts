import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeToShow } from '../../../main/place-to-show.ts';
import { tempFolder } from '../../helpers/temp.ts';

test('a synced folder is shown from within, all else where it lies', async () => {
  const folder = await tempFolder();
  const [letter, photos] = [join(folder, 'letter.txt'), join(folder, 'Photos')];
  await Promise.all([writeFile(letter, 'a'), mkdir(photos), mkdir(join(folder, '.holdfast'))]);
  expect(placeToShow(folder)).toBe(join(folder, '.holdfast'));
  expect([letter, photos].map(placeToShow)).toEqual([letter, photos]);
  // One that never synced has nothing of ours yet.
  expect(placeToShow(photos)).toBe(photos);
});
