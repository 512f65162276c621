import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectReader } from '../../../src/server/disk/direct-read.ts';
import { createSlabs } from '../../../src/server/slabs.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { bytes } from '../../helpers/test-account.ts';

const mib = 1024 * 1024;
const slabs = createSlabs();

/** Memory that the system can read into directly, with something else in it. */
function lentBytes(length: number): Buffer {
  const all = Buffer.from(slabs.take(4 * mib).buffer);
  return all.fill(0xee).subarray(0, length);
}

async function newFile(length: number): Promise<{ readonly path: string; readonly content: Uint8Array }> {
  const path = join(await tempFolder('direct'), 'file');
  const content = bytes(length);
  await writeFile(path, content);
  return { path, content };
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it('reads all of it, whatever the file system makes of it, its odd end too', async () => {
  for (const length of [mib, mib + 1, 4 * mib + 16, 4 * mib - 5]) {
    const { path, content } = await newFile(length);
    const lent = lentBytes(length);
    const read = await createDirectReader()(path, lent);
    expect([0, length]).toContain(read);
    expect(Buffer.compare(lent.subarray(0, read), content.subarray(0, read))).toBe(0);
  }
});

it('reads as many as were asked for of a longer file, and as many as there are of a shorter one', async () => {
  const { path, content } = await newFile(2 * mib + 5000);
  for (const [length, expected] of [
    [2 * mib + 100, 2 * mib + 100],
    [3 * mib, 2 * mib + 5000],
  ] as const) {
    const lent = lentBytes(length);
    const read = await createDirectReader()(path, lent);
    expect([0, expected]).toContain(read);
    expect(Buffer.compare(lent.subarray(0, read), content.subarray(0, read))).toBe(0);
  }
});

it('leaves to others what is small or does not begin at a page', async () => {
  const read = createDirectReader(failing('EIO'));
  const { path } = await newFile(1);
  expect(await read(path, lentBytes(mib - 1))).toBe(0);
  expect(await read(path, lentBytes(3 * mib).subarray(4096))).toBe(0);
  expect(await read(path, Buffer.alloc(2 * mib))).toBe(0);
  await expect(read(path, lentBytes(2 * mib))).rejects.toMatchObject({ code: 'EIO' });
});

it('is refused once at most, when the file is opened or when it is read', async () => {
  const { path } = await newFile(2 * mib);
  for (const refuse of ['opening', 'reading']) {
    let tries = 0;
    const read = createDirectReader(async () => {
      tries++;
      if (refuse === 'opening') return failing('EINVAL')();
      return { read: failing('EINVAL'), close: async () => undefined };
    });
    expect(await read(path, lentBytes(2 * mib))).toBe(0);
    expect(await read(path, lentBytes(2 * mib))).toBe(0);
    expect(tries).toBe(1);
  }
});

it('goes on after a short read, and stops where it ends within a block', async () => {
  for (const { gives, expected } of [
    { gives: [8192, 4096, 4 * mib], expected: 4 * mib + 16 },
    { gives: [8192, 100, 4 * mib], expected: 8292 },
  ]) {
    const { path, content } = await newFile(4 * mib + 16);
    const handle = await open(path, 'r');
    const left = [...gives];
    const read = createDirectReader(async () => ({
      read: (async (buffer: Buffer, offset: number, length: number, position: number) =>
        handle.read(buffer, offset, Math.min(length, left.shift() ?? 0), position)) as typeof handle.read,
      close: () => handle.close(),
    }));
    const lent = lentBytes(4 * mib + 16);
    expect(await read(path, lent)).toBe(expected);
    expect(Buffer.compare(lent.subarray(0, expected), content.subarray(0, expected))).toBe(0);
  }
});
