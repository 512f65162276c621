import { expect, it } from 'vitest';
import { isLocalVolume } from '../../../src/local/volume-kind.ts';

it.each([
  ['C:\\Users\\ada\\Sync', true],
  ['\\\\?\\C:\\Sync', true],
  ['\\\\server\\share\\Sync', false],
  ['//server/share/Sync', false],
])('on Windows the real path tells a network drive: %s', (real, isLocal) => {
  expect(isLocalVolume(0, real, 'win32')).toBe(isLocal);
});

it.each([
  [0xef53, true],
  [0x6969, false],
  // CIFS, as a system hands it out with its sign.
  [0xff534d42 | 0, false],
])('on Linux the kind of the file system does: %i', (type, isLocal) => {
  expect(isLocalVolume(type, '/home/ada/Sync', 'linux')).toBe(isLocal);
});
