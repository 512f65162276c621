import { expect, test } from 'vitest';
import { deltaPieces } from '../../../src/chunk/delta.ts';
import type { FileReader } from '../../../src/chunk/file-window.ts';
import { headSum } from '../../../src/chunk/weak-sum.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import {
  applyDelta,
  chunksOf,
  edited,
  fixedRevision,
  memoryReader,
  noise,
  strongHash,
} from '../../helpers/delta-world.ts';

const mebibyte = 1024 * 1024;
const size = 24 * mebibyte + 12345;
const content = noise(size, 7);
const before = fixedRevision(content, mebibyte);

const deltaTo = async (next: Uint8Array) => {
  const outcome = await applyDelta(before, memoryReader(next), mebibyte);
  expect(Buffer.compare(outcome.rebuilt, next)).toBe(0);
  return outcome;
};

test('one byte inserted at the front costs one tiny chunk', async () => {
  const outcome = await deltaTo(edited(content, { kind: 'insert', at: 0, bytes: Uint8Array.of(1) }));
  expect(outcome.newPieces).toEqual([1]);
});

test('one byte removed at the front costs one chunk', async () => {
  const outcome = await deltaTo(content.subarray(1));
  expect(outcome.newPieces).toEqual([mebibyte - 1]);
});

test('a MiB overwritten in the middle costs two chunks, on the border of chunks one', async () => {
  const unaligned = await deltaTo(edited(content, { kind: 'overwrite', at: 0.4, bytes: noise(mebibyte, 9) }));
  expect(unaligned.newPieces).toEqual([mebibyte, mebibyte]);
  const aligned = content.slice();
  aligned.set(noise(mebibyte, 9), 5 * mebibyte);
  expect((await deltaTo(aligned)).newPieces).toEqual([mebibyte]);
});

test('one byte flipped costs one chunk, at the start, in the middle and at the end', async () => {
  for (const at of [0, 10 * mebibyte + 5, size - 1]) {
    const next = content.slice();
    next[at] = (next[at] ?? 0) ^ 1;
    expect((await deltaTo(next)).newPieces).toHaveLength(1);
  }
});

test('appending costs what was appended and at most the last chunk', async () => {
  const outcome = await deltaTo(edited(content, { kind: 'insert', at: 1, bytes: noise(1000, 3) }));
  expect(outcome.newPieces).toEqual([12345 + 1000]);
});

test('appending a thousand times does not crumble the file', async () => {
  const chunkSize = 1024;
  let revision = fixedRevision(noise(64 * chunkSize, 1), chunkSize);
  for (let round = 0; round < 1000; round++) {
    const next = edited(revision.content, { kind: 'insert', at: 1, bytes: noise(10, round) });
    const outcome = await applyDelta(revision, memoryReader(next), chunkSize);
    expect(outcome.isFragmented).toBe(false);
    revision = { content: next, lengths: outcome.lengths };
  }
  expect(revision.lengths.length).toBeLessThanOrEqual(2 * (revision.content.length / chunkSize) + 1);
});

test('blocks that change places cost only the seams', async () => {
  const cut = 10 * mebibyte + 777;
  const swapped = Buffer.concat([content.subarray(cut), content.subarray(0, cut)]);
  const { newPieces } = await deltaTo(swapped);
  expect(newPieces.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(2 * mebibyte);
});

test('a file of equal chunks is matched in linear time, shifted or not', async () => {
  const zeros = new Uint8Array(64 * mebibyte);
  const old = fixedRevision(zeros, mebibyte);
  const before = process.cpuUsage();
  const same = await applyDelta(old, memoryReader(zeros), mebibyte);
  expect(same.newPieces).toEqual([]);
  const shifted = edited(zeros, { kind: 'insert', at: 0.5, bytes: Uint8Array.of(1, 2, 3) });
  const outcome = await applyDelta(old, memoryReader(shifted), mebibyte);
  expect(Buffer.compare(outcome.rebuilt, shifted)).toBe(0);
  expect(outcome.newPieces.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(2 * mebibyte);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(15_000);
});

test('checksums that lie cannot make it believe or crawl: only the strong hash decides', async () => {
  const chunkSize = 4096;
  const old = chunksOf(fixedRevision(noise(64 * chunkSize, 2), chunkSize));
  const next = new Uint8Array(200 * chunkSize).fill(5);
  const collision = headSum(next.subarray(0, chunkSize));
  let hashes = 0;
  const pieces = deltaPieces({
    reader: memoryReader(next),
    previous: old.map(({ chunk }) => ({ ...chunk, weak: collision })),
    strongHash: (bytes) => {
      hashes++;
      return strongHash(bytes);
    },
    chunkSize,
  });
  for await (const piece of pieces) expect(piece.kind).toBe('new');
  expect(hashes).toBeLessThan(2000);
});

test('a chunk that begins with zeros does not make a long run of zeros slow', async () => {
  const start = content.slice(0, 4 * mebibyte);
  start.fill(0, mebibyte, mebibyte + 100_000);
  const next = edited(start, { kind: 'insert', at: 1, bytes: new Uint8Array(16 * mebibyte) });
  const before = process.cpuUsage();
  const outcome = await applyDelta(fixedRevision(start, mebibyte), memoryReader(next), mebibyte);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  expect(Buffer.compare(outcome.rebuilt, next)).toBe(0);
  expect(outcome.newPieces).toHaveLength(16);
});

test('too many small pieces are given up with a signal to split anew', async () => {
  const chunkSize = 4096;
  const crumbs = noise(200 * chunkSize, 4);
  const lengths = Array.from({ length: 200 * 8 }, () => chunkSize / 8);
  const outcome = await applyDelta({ content: crumbs, lengths }, memoryReader(crumbs), chunkSize);
  expect(outcome.isFragmented).toBe(true);
});

test('memory is a few chunks, whatever the size of the file, and every byte is read once', async () => {
  const reader = memoryReader(edited(content, { kind: 'insert', at: 0, bytes: Uint8Array.of(1) }));
  await applyDelta(before, reader, mebibyte);
  expect(reader.longestRead()).toBeLessThanOrEqual(4 * mebibyte);
  expect(reader.bytesRead()).toBe(reader.size);
});

test('a file that becomes shorter while it is read is a conflict: observe again', async () => {
  const reader: FileReader = {
    size: 5000,
    read: async (offset, into) => Math.min(into.length, Math.max(0, 4000 - offset)),
  };
  const consume = async () => {
    for await (const piece of deltaPieces({ reader, previous: [], strongHash, chunkSize: 1024 }))
      expect(piece).toBeDefined();
  };
  await expect(consume()).rejects.toSatisfy((error) => error instanceof HoldfastError && error.kind === 'conflict');
});

test('empty files: nothing in, nothing out', async () => {
  const empty = fixedRevision(new Uint8Array(), 64);
  expect((await applyDelta(empty, memoryReader(new Uint8Array()), 64)).lengths).toEqual([]);
  expect((await applyDelta(before, memoryReader(new Uint8Array()), 64)).lengths).toEqual([]);
  expect((await applyDelta(empty, memoryReader(noise(130)), 64)).newPieces).toEqual([64, 64, 2]);
});

/** Answers a turn later, and knows how many answers are due. */
function slowReader(bytes: Uint8Array, failsFrom = Number.POSITIVE_INFINITY) {
  const reading = { now: 0, most: 0, failures: 0 };
  const reader: FileReader = {
    size: bytes.length,
    read: async (offset, into) => {
      reading.now++;
      reading.most = Math.max(reading.most, reading.now);
      await new Promise((resolve) => setImmediate(resolve));
      reading.now--;
      if (offset >= failsFrom && reading.failures++ === 0) throw new HoldfastError('io', 'the disk reported an error');
      return memoryReader(bytes).read(offset, into);
    },
  };
  return { reader, reading };
}

test('what comes next is read meanwhile, and nothing any more once nobody wants more pieces', async () => {
  const { reader, reading } = slowReader(content);
  const previous = chunksOf(before).map(({ chunk }) => chunk);
  for await (const piece of deltaPieces({ reader, previous, strongHash, chunkSize: mebibyte })) {
    expect(piece.kind).toBe('reuse');
    expect(reading.now).toBeGreaterThan(0);
    break;
  }
  expect(reading.now).toBe(0);
  expect(reading.most).toBeGreaterThan(1);
});

test('a read in advance that fails is tried once more when its bytes are needed', async () => {
  const next = edited(content, { kind: 'insert', at: 0, bytes: Uint8Array.of(1) });
  const { reader, reading } = slowReader(next, 8 * mebibyte);
  const outcome = await applyDelta(before, reader, mebibyte);
  expect(Buffer.compare(outcome.rebuilt, next)).toBe(0);
  expect(reading.failures).toBeGreaterThan(0);
});

test('of a read in advance of which a half fails, the other half has ended before its bytes are read again', async () => {
  const next = edited(content, { kind: 'insert', at: 0, bytes: Uint8Array.of(1) });
  const reading = { slow: 0, hasFailed: false, overlapped: false };
  const reader: FileReader = {
    size: next.length,
    read: async (offset, into) => {
      if (offset >= 6 * mebibyte && !reading.hasFailed) {
        reading.hasFailed = true;
        throw new HoldfastError('io', 'the disk reported an error');
      }
      if (reading.hasFailed && reading.slow === 0) {
        reading.slow = 1;
        for (let wait = 0; wait < 50; wait++) await new Promise((resolve) => setImmediate(resolve));
        reading.slow = 2;
      } else if (reading.slow === 1) reading.overlapped = true;
      return memoryReader(next).read(offset, into);
    },
  };
  const outcome = await applyDelta(before, reader, mebibyte);
  expect(Buffer.compare(outcome.rebuilt, next)).toBe(0);
  expect(reading).toEqual({ slow: 2, hasFailed: true, overlapped: false });
});
