import { constants, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { reasonOf } from '../../contract/file-system-contract.ts';
import { tempFolder } from '../../helpers/temp.ts';

const gibibyte = 2 ** 30;
const fat = 0x4d44;

/** A disk of this kind, on which no file takes a write that ends behind 4 GiB. */
async function diskThatSays(code: string, type: number, isFull = false) {
  const root = join(await tempFolder('largest'), 'root');
  mkdirSync(root);
  let free = 100 * gibibyte;
  const check = (length: number, position: number): void => {
    if (position + length < 4 * gibibyte) return;
    if (isFull) free = 0;
    throw Object.assign(new Error(code), { code });
  };
  const disk: Disk = {
    ...nodeDisk,
    openSync: (path, flags, mode) => {
      // What is written past the system's cache waits for a whole block.
      if ((flags & constants.O_DIRECT) !== 0) throw Object.assign(new Error('EINVAL'), { code: 'EINVAL' });
      return nodeDisk.openSync(path, flags, mode);
    },
    statfsSync: () => ({ type, bsize: 1, blocks: 1, bavail: free }),
    writeSync: (handle, bytes, offset, length, position) => {
      check(length, position);
      return nodeDisk.writeSync(handle, bytes, offset, length, position);
    },
  };
  const fs = openNodeFileSystem(root, { disk, anchoring: 'path' });
  let keys = 0;
  const begin = (size: number) => fs.createStaged(String(keys++).padStart(32, '0'), size);
  const writeTo = async (end: number) => {
    const file = await begin(end);
    const reason = await reasonOf(file.write(new Uint8Array(1000), end - 1000));
    await file.leave();
    return reason;
  };
  const left = (): number => readdirSync(join(root, '.holdfast/stage')).length;
  return { begin, writeTo, left };
}

it.each([
  ['Windows', 'ENOSPC'],
  ['Linux', 'EFBIG'],
])('a file too large for FAT on %s is said to be that, and not fetched again and again', async (_, code) => {
  const { begin, writeTo, left } = await diskThatSays(code, fat);
  expect(await writeTo(3 * gibibyte)).toBe('none');
  expect(await writeTo(5 * gibibyte)).toBe('too-large');
  expect(left()).toBe(1);
  expect(await reasonOf(begin(5 * gibibyte))).toBe('too-large');
  expect(await reasonOf(begin(3 * gibibyte))).toBe('none');
});

it('a disk that is full is that, however large the file', async () => {
  expect(await (await diskThatSays('ENOSPC', fat, true)).writeTo(5 * gibibyte)).toBe('disk-full');
  const ext4 = 0xef53;
  expect(await (await diskThatSays('ENOSPC', ext4)).writeTo(5 * gibibyte)).toBe('disk-full');
});
