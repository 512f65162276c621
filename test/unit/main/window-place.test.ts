import { expect, it } from 'vitest';
import { placeAgain } from '../../../main/window-place.ts';

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
