import { expect, test } from 'vitest';
import { type Zoomable, zoomKeys } from '../../../main/zoom-keys.ts';

type Pressed = Parameters<Parameters<Zoomable['on']>[1]>[1];

function page(platform: NodeJS.Platform) {
  let level = 0;
  let listener: Parameters<Zoomable['on']>[1] | undefined;
  zoomKeys(
    {
      on: (_event, heard) => {
        listener = heard;
      },
      getZoomLevel: () => level,
      setZoomLevel: (to) => {
        level = to;
      },
    },
    platform,
  );
  /** Whether the key was taken for this, and the level then. */
  return (key: string, more: Partial<Pressed> = {}): readonly [boolean, number] => {
    let isTaken = false;
    const preventDefault = (): void => {
      isTaken = true;
    };
    listener?.({ preventDefault }, { type: 'keyDown', key, code: '', control: true, meta: false, alt: false, ...more });
    return [isTaken, level];
  };
}

test('Ctrl with plus, minus and zero makes the page larger, smaller, and as it was, on every keyboard', () => {
  const press = page('linux');
  expect(press('+')).toEqual([true, 0.5]);
  expect(press('=')).toEqual([true, 1]);
  expect(press('-')).toEqual([true, 0.5]);
  expect(press('_')).toEqual([true, 0]);
  press('+');
  expect(press('0')).toEqual([true, 0]);
  press('+');
  expect(press('à', { code: 'Digit0' })).toEqual([true, 0]);
});

test('it ends where nothing could be read any more', () => {
  const press = page('win32');
  for (let times = 0; times < 30; times++) press('+');
  expect(press('+')).toEqual([true, 5]);
  for (let times = 0; times < 30; times++) press('-');
  expect(press('-')).toEqual([true, -3]);
});

test('what is typed stays typed, and macOS has a menu for it', () => {
  const press = page('linux');
  expect(press('+', { control: false })).toEqual([false, 0]);
  expect(press('+', { type: 'keyUp' })).toEqual([false, 0]);
  expect(press('-', { alt: true })).toEqual([false, 0]);
  expect(press('a')).toEqual([false, 0]);
  expect(page('darwin')('+')).toEqual([false, 0]);
});
