import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeKeptIn } from '../../../main/kept-place.ts';
import { placeAgain } from '../../../main/window-place.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('puts a window back where it was, unless nobody could get hold of it there', () => {
  const area = { x: 1920, y: 25, width: 1920, height: 1055 };
  const size = { width: 1040, height: 720 };
  const at = (x: number, y: number) => ({ ...size, x, y });
  for (const seen of [at(1920, 25), at(2300, 200), at(1500, 100), at(3700, 900)]) {
    expect(placeAgain(seen, area)).toEqual(seen);
  }
  for (const lost of [at(900, 100), at(3800, 100), at(2300, 0), at(2300, 1060)]) {
    expect(placeAgain(lost, area)).toEqual(size);
  }
});

it('makes a window no larger than the display that is there now', () => {
  const area = { x: 0, y: 0, width: 1280, height: 800 };
  expect(placeAgain({ x: 0, y: 0, width: 2560, height: 1400 }, area)).toEqual(area);
  expect(placeAgain({ x: 2000, y: 0, width: 2560, height: 700 }, area)).toEqual({ width: 1280, height: 700 });
});

it('keeps the place of a window from one start to the next, and takes nothing else for one', async () => {
  const file = join(await tempFolder('place'), 'place.json');
  const kept = placeKeptIn(file);
  expect(kept.read()).toBeNull();
  const place = { bounds: { x: -40, y: 0, width: 900, height: 600 }, isMaximized: true };
  kept.keep(place);
  expect(placeKeptIn(file).read()).toEqual(place);
  for (const other of ['', '{}', 'null', JSON.stringify({ ...place, bounds: { ...place.bounds, width: 1e9 } })]) {
    writeFileSync(file, other);
    expect(kept.read()).toBeNull();
  }
  expect(() => placeKeptIn(join(file, 'no folder', 'place.json')).keep(place)).not.toThrow();
});
