import { expect, test } from 'vitest';
import { mountsBelow } from '../../../src/local/mounts-below.ts';

const table = [
  '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
  '30 22 0:25 / /home/a rw shared:1 - tmpfs none rw',
  '31 30 254:0 /srv/x /home/a/own\\040folder rw - ext4 /dev/vda rw',
  '32 30 254:0 /srv/x /home/a/deep/er rw - ext4 /dev/vda rw',
  '33 22 254:0 /srv/x /home/ab rw - ext4 /dev/vda rw',
  '',
].join('\n');

test('names what is mounted below a folder, not the folder itself nor its neighbours', () => {
  expect(mountsBelow(table, '/home/a')).toEqual(['/home/a/own folder', '/home/a/deep/er']);
  expect(mountsBelow(table, '/home/a/deep/er')).toEqual([]);
  expect(mountsBelow('', '/home/a')).toEqual([]);
});
