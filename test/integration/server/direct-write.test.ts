import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { createDirectWriter } from '../../../src/server/disk/direct-write.ts';
import { openDiskObjects } from '../../../src/server/disk/disk-object-store.ts';
import { createSlabs } from '../../../src/server/slabs.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { bytes, random } from '../../helpers/test-account.ts';

const mib = 1024 * 1024;

/** Bytes in memory from which the system can write directly. */
function alignedBytes(length: number): Buffer {
  const slab = createSlabs().take(4 * mib).buffer;
  const all = Buffer.from(slab).subarray(0, length);
  all.set(bytes(length));
  return all;
}

async function newFile(): Promise<string> {
  const path = join(await tempFolder('direct'), 'file');
  await writeFile(path, '');
  return path;
}

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it('writes whole blocks, whatever the file system makes of it, and says how far it came', async () => {
  for (const length of [mib, mib + 1, 4 * mib + 16, 4 * mib - 5]) {
    const path = await newFile();
    const content = alignedBytes(length);
    const written = await createDirectWriter()(path, content);
    expect([0, length - (length % 4096)]).toContain(written);
    expect(Buffer.compare(await readFile(path), content.subarray(0, written))).toBe(0);
  }
});

it('leaves to others what is small or does not begin at a page', async () => {
  const write = createDirectWriter(failing('EIO'));
  const path = await newFile();
  expect(await write(path, alignedBytes(mib - 1))).toBe(0);
  expect(await write(path, alignedBytes(3 * mib).subarray(4096))).toBe(0);
  expect(await write(path, Buffer.alloc(2 * mib))).toBe(0);
  await expect(write(path, alignedBytes(2 * mib))).rejects.toMatchObject({ code: 'EIO' });
});

it('is refused once at most, when the file is opened or when it is written to', async () => {
  const path = await newFile();
  for (const refuse of ['opening', 'writing']) {
    let tries = 0;
    const write = createDirectWriter(async () => {
      tries++;
      if (refuse === 'opening') return failing('EINVAL')();
      return { write: failing('EINVAL'), close: async () => undefined };
    });
    expect(await write(path, alignedBytes(2 * mib))).toBe(0);
    expect(await write(path, alignedBytes(2 * mib))).toBe(0);
    expect(tries).toBe(1);
  }
});

it('goes on after a short write, and stops where it ends within a block or the disk is full', async () => {
  for (const { takes, expected } of [
    { takes: [8192, 4096, 4 * mib], expected: 4 * mib },
    { takes: [8192, 100, 4 * mib], expected: 8292 },
    { takes: [8192, 0], expected: 8192 },
  ]) {
    const path = await newFile();
    const handle = await open(path, 'r+');
    const left = [...takes];
    const write = createDirectWriter(async () => ({
      write: (async (buffer: Uint8Array, offset: number, length: number, position: number) =>
        handle.write(buffer, offset, Math.min(length, left.shift() ?? 0), position)) as typeof handle.write,
      close: () => handle.close(),
    }));
    const content = alignedBytes(4 * mib + 16);
    expect(await write(path, content)).toBe(expected);
    expect(Buffer.compare(await readFile(path), content.subarray(0, expected))).toBe(0);
  }
});

it('large objects in lent memory are stored as they are, their odd ends too', async () => {
  const store = await openDiskObjects(await tempFolder('objects'), 1);
  const vault = newId<VaultId>(random);
  for (const length of [mib + 16, 2 * mib + 4095, 4 * mib, 4 * mib + 16]) {
    const key = { vault, id: newId<ObjectId>(random) };
    const content = alignedBytes(length);
    const placed = await store.put([{ key, bytes: content }], async ([place]) => place);
    if (placed === undefined) throw new Error('it was not placed');
    const [found] = await store.read([{ ...key, place: placed }], createSlabs().take);
    expect(Buffer.compare(found ?? Buffer.alloc(0), content)).toBe(0);
  }
  await store.close();
});
