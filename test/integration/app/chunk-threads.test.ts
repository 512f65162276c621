import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { chunkThreads } from '../../../src/app/seal/chunk-threads.ts';
import { must } from '../../../src/common/errors.ts';
import { ifSealedFrom, openChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import { openIndexBox, rowSealer } from '../../../src/crypto/index-box.ts';
import { localHash } from '../../../src/crypto/local-hash.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { openRefBox, rowNameLength } from '../../../src/vault/ref-box.ts';
import { tempFolder } from '../../helpers/temp.ts';

const here = { seal: (plain: Uint8Array) => sealChunk(plain, systemRandom), open: openChunk, ifSealedFrom };
const mib = 1024 * 1024;
const content = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

test('what a thread seals is what is opened here, and the other way round; its memory goes over', async () => {
  const threads = chunkThreads(here);
  const plain = content(mib + 5);
  const copy = plain.slice();
  const piece = await must(threads.seal(plain));
  expect(plain.length).toBe(0);
  expect(piece.plainLength).toBe(copy.length);
  expect(Buffer.compare(openChunk(piece, piece.sealed), copy)).toBe(0);

  const { sealed, ...ref } = sealChunk(copy, systemRandom);
  const opened = await must(threads.open(ref, sealed));
  expect(sealed.length).toBe(0);
  expect(Buffer.compare(opened, copy)).toBe(0);
});

test('what is exactly what was sealed comes back, anything else does not; both as here', async () => {
  const threads = chunkThreads(here);
  for (const compare of [ifSealedFrom, threads.ifSealedFrom]) {
    const plain = content(mib + 5);
    const copy = plain.slice();
    const { sealed: _, ...ref } = sealChunk(plain, systemRandom);
    const same = await must(compare(ref, plain));
    expect(Buffer.compare(same ?? content(1), copy)).toBe(0);
    const other = copy.slice();
    other[mib] = (other[mib] ?? 0) ^ 1;
    expect(await compare(ref, other)).toBeNull();
    expect(other.length).toBe(0);
    expect(await compare(ref, copy.slice(1))).toBeNull();
  }
});

test('many at once keep apart', async () => {
  const threads = chunkThreads(here);
  const plains = Array.from({ length: 24 }, (_, at) => content(200_000 + at));
  const copies = plains.map((plain) => plain.slice());
  const pieces = await Promise.all(plains.map((plain) => must(threads.seal(plain))));
  expect(new Set(pieces.map((piece) => piece.objectId)).size).toBe(24);
  const opened = await Promise.all(pieces.map(({ sealed, ...ref }) => must(threads.open(ref, sealed))));
  for (const [at, plain] of opened.entries()) expect(Buffer.compare(plain, must(copies[at]))).toBe(0);
});

test('many small ones go over together, with what the index keeps of each; one that is not authentic is none of the others', async () => {
  const threads = chunkThreads(here);
  const keys = { hash: content(32), seal: content(32) };
  const plains = Array.from({ length: 60 }, (_, at) => content(4000 + 31 * at));
  const chunks = plains.map((plain) => {
    const { sealed, ...ref } = sealChunk(plain, systemRandom);
    return { ref, sealed };
  });
  const bad = must(chunks[7]).sealed;
  bad[100] = (bad[100] ?? 0) ^ 1;
  const opened = (await must(threads.openMany(keys, chunks))).chunks;
  for (const [at, { ref, sealed }] of chunks.entries()) {
    expect(sealed.length).toBe(0);
    const chunk = opened[at] ?? null;
    if (at === 7) expect(chunk).toBeNull();
    else {
      expect(Buffer.compare(must(chunk).plain, must(plains[at]))).toBe(0);
      expect(must(chunk).hash).toEqual(localHash.hash(keys.hash, must(plains[at])));
      expect(openRefBox(keys.seal, ref.objectId, must(chunk).sealedRef)).toEqual(ref);
    }
  }
  expect(threads.openMany(keys, [])).toBeNull();
});

/** The same, one after the other in one piece of memory. */
function neighbours(parts: readonly Uint8Array[]): Uint8Array[] {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  return parts.map((part) => {
    whole.set(part, end);
    end += part.length;
    return whole.subarray(end - part.length, end);
  });
}

test.each([
  ['wherever they are', (plains: readonly Uint8Array[]) => plains],
  ['as neighbours', neighbours],
])('many small ones are sealed together, %s, each under an id and a secret of its own', async (_, place) => {
  const threads = chunkThreads(here);
  const keys = { hash: content(32), seal: content(32) };
  const plains = Array.from({ length: 60 }, (_, at) => content(1 + 97 * at));
  const copies = plains.map((plain) => plain.slice());
  const { chunks, free } = await must(threads.sealMany(keys, place(plains)));
  expect(chunks).toHaveLength(60);
  for (const [at, { sealed, sealedRef, localHash: own, ...ref }] of chunks.entries()) {
    expect(own).toEqual(localHash.hash(keys.hash, must(copies[at])));
    expect(Buffer.compare(openChunk(ref, sealed), must(copies[at]))).toBe(0);
    expect(openRefBox(keys.seal, ref.objectId, sealedRef)).toEqual(ref);
  }
  expect(new Set(chunks.map(({ objectId }) => objectId)).size).toBe(60);
  expect(new Set(chunks.map(({ secret }) => Buffer.from(secret).toString('hex'))).size).toBe(60);
  free();
  expect(chunks.every(({ sealed }) => sealed.length === 0)).toBe(true);
  expect(chunks.every(({ sealedRef }) => sealedRef.length > 0)).toBe(true);
  expect(threads.sealMany(keys, copies.slice(0, 10))).toBeNull();
});

test('of the smallest it is the number that makes it worth while', async () => {
  const threads = chunkThreads(here);
  const keys = { hash: content(32), seal: content(32) };
  const { chunks } = await must(
    threads.sealMany(
      keys,
      Array.from({ length: 40 }, () => content(1)),
    ),
  );
  expect(chunks).toHaveLength(40);
  expect(threads.sealMany(keys, [content(1)])).toBeNull();
});

test('rows of the index are sealed together, each bound to its own name', async () => {
  const threads = chunkThreads(here);
  const key = content(32);
  const rows = Array.from({ length: 600 }, (_, at) => ({ name: content(rowNameLength), plain: content(200 + at) }));
  const boxes = await must(threads.sealRows(key, rows));
  expect(boxes).toHaveLength(600);
  for (const [at, { name, plain }] of rows.entries()) {
    expect(Buffer.compare(openIndexBox(key, name, must(boxes[at])), plain)).toBe(0);
  }
  expect(() => openIndexBox(key, must(rows[0]).name, must(boxes[1]))).toThrow();
  expect(threads.sealRows(key, rows.slice(0, 10))).toBeNull();
});

test('rows of the index are opened together, all or none', async () => {
  const threads = chunkThreads(here);
  const key = content(32);
  const rows = Array.from({ length: 100 }, (_, at) => ({ name: content(rowNameLength), plain: content(100 + at) }));
  const seal = rowSealer(key, systemRandom);
  const boxes = rows.map(({ name, plain }) => ({ name, sealed: seal(name, plain) }));
  const opened = must(await must(threads.openRows(key, boxes)));
  expect(opened).toHaveLength(100);
  for (const [at, plain] of opened.entries()) expect(Buffer.compare(plain, must(rows[at]).plain)).toBe(0);

  const swapped = boxes.map(({ sealed }, at) => ({ name: must(boxes[at ^ 1]).name, sealed }));
  const cut = boxes.with(7, { ...must(boxes[7]), sealed: content(3) });
  for (const bad of [swapped, cut]) expect(await threads.openRows(key, bad)).toBeNull();
  expect(threads.openRows(key, boxes.slice(0, 10))).toBeNull();
});

test('a chunk that is not authentic fails as it does here', async () => {
  const threads = chunkThreads(here);
  const { sealed, ...ref } = sealChunk(content(mib), systemRandom);
  sealed[1000] = (sealed[1000] ?? 0) ^ 1;
  await expect(threads.open(ref, sealed)).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
});

test('small ones, and windows on larger memory, stay with the caller', () => {
  const threads = chunkThreads(here);
  expect(threads.seal(content(1000))).toBeNull();
  const window = content(4 * mib).subarray(mib, 2 * mib);
  expect(threads.seal(window)).toBeNull();
  expect(window.length).toBe(mib);
  expect(chunkThreads(here, null).seal(content(mib))).toBeNull();
});

test('a thread that breaks fails what it had, and is not asked again', async () => {
  const program = join(await tempFolder('thread'), 'broken.mjs');
  writeFileSync(
    program,
    "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('x'); });",
  );
  const threads = chunkThreads(here, pathToFileURL(program));
  await expect(threads.seal(content(mib))).rejects.toMatchObject({ kind: 'io', reason: 'thread' });
  expect(threads.seal(content(mib))).toBeNull();
});
