import { expect, test } from 'vitest';
import { headSum } from '../../../src/chunk/weak-sum.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, type RevisionId } from '../../../src/common/ids.ts';
import { rootPath } from '../../../src/common/relative-path.ts';
import type { ChunkRow, LocalRow } from '../../../src/db/index-port.ts';
import { semaphore } from '../../../src/engine/transfer/semaphore.ts';
import { type UploadContext, type UploadOutcome, uploadContent } from '../../../src/engine/up/upload-content.ts';
import type { OpenFile } from '../../../src/local/file-system.ts';
import type { ChunkRef } from '../../../src/model/manifest.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

const mebibyte = 1024 * 1024;
const random = seededRandom('upload');
const node = newId<NodeId>(random);
const former = newId<RevisionId>(random);

/** Each MiB of a file begins with its number, the rest is zeros. */
function fill(into: Uint8Array, position: number): void {
  into.fill(0);
  for (let first = position - (position % mebibyte); first < position + into.length; first += mebibyte) {
    const number = first / mebibyte + 1;
    if (first >= position) into[first - position] = number % 256;
    if (first + 1 >= position) into[first + 1 - position] = number >> 8;
  }
}

/** Of the first bytes: enough for these files. */
const localHash = (plain: Uint8Array): Uint8Array => {
  const hash = new Uint8Array(32);
  hash.set(plain.subarray(0, 4));
  new DataView(hash.buffer).setUint32(4, plain.length);
  return hash;
};

/** Uploads of a file of `size` bytes, of which the vault has `before` in chunks of `unit` bytes. */
function world(size: number, before: number, store?: () => Promise<never>, unit = mebibyte) {
  const seen = { read: 0, sent: 0, reading: 0, most: 0 };
  /** What the file is like when it is read. */
  const file = { end: size, isHurried: false, isUnchanged: true, fill };
  const chunks: ChunkRef[] = [];
  const rows: ChunkRow[] = [];
  for (let at = 0; at < before; at += unit) {
    const plain = new Uint8Array(Math.min(unit, before - at));
    fill(plain, at);
    const objectId = newId<ObjectId>(random);
    const hash = localHash(plain);
    chunks.push({ objectId, secret: new Uint8Array(32), hash, plainLength: plain.length });
    const row = { objectId, hash, plainLength: plain.length, weak: headSum(plain) };
    rows.push({ ...row, sealedRef: new Uint8Array(), isReferenced: true });
  }
  const stat = { kind: 'file', size, mtimeUs: 1, ctimeUs: 1, birthUs: 1, ino: 0, dev: 1 };
  const openFile = async () => {
    let hasBegun = false;
    const opened = {
      stat,
      read: async (into: Uint8Array, position: number) => {
        if (!hasBegun) seen.most = Math.max(seen.most, ++seen.reading);
        hasBegun = true;
        await new Promise((resolve) => setImmediate(resolve));
        const part = into.subarray(0, Math.max(0, file.end - position));
        file.fill(part, position);
        seen.read += part.length;
        return part.length;
      },
      isUnchanged: async () => file.isUnchanged,
      close: async () => {
        if (hasBegun) seen.reading--;
      },
    };
    return opened as unknown as OpenFile;
  };
  const content = { kind: 'chunks', chunks } as const;
  const context = {
    index: {
      read: { remote: () => ({ revision: former }), currentManifest: () => true, chunksOfRevision: () => rows },
    },
    fs: { openFile },
    crypto: {
      localHash,
      ifSealedFrom: async ({ hash }: ChunkRef, plain: Uint8Array) =>
        Buffer.compare(hash, localHash(plain)) === 0 ? plain : null,
      openManifest: () => ({ node, revision: former, size: before, mtimeUs: 0, exec: false, content }),
    },
    store: {
      store:
        store ??
        (async (plain: Uint8Array) => {
          seen.sent += plain.length;
          const ref = { objectId: newId<ObjectId>(random), secret: new Uint8Array(32), plainLength: plain.length };
          const hash = localHash(plain);
          return { ref: { ...ref, hash }, hash, sentBytes: plain.length };
        }),
      storePage: async () => undefined,
    },
    pages: {},
    random,
    memory: semaphore(16 * mebibyte),
    deltaMemory: semaphore(32 * mebibyte),
    smallBytes: 0,
    isHurried: () => file.isHurried,
    onKnown: () => undefined,
    isStopping: () => false,
  } as unknown as UploadContext;
  const upload = (known: Partial<LocalRow> = {}) => {
    const row = { ...stat, id: node, exec: false, ...known } as unknown as LocalRow;
    return uploadContent(context, { row, path: rootPath, revision: newId<RevisionId>(random), isNew: before === 0 });
  };
  return { seen, file, rows, upload };
}

/** The chunks of what was uploaded hold exactly the file. */
function expectWhole(outcome: UploadOutcome, size: number): void {
  if (outcome.status !== 'uploaded') throw new Error(`it is ${outcome.status}`);
  expect(outcome.manifest.size).toBe(size);
  let position = 0;
  for (const { hash, plainLength } of outcome.refs) {
    const plain = new Uint8Array(plainLength);
    fill(plain, position);
    expect(hash).toEqual(localHash(plain));
    position += plainLength;
  }
  expect(position).toBe(size);
}

test('of a file that has more pieces than an entry can name nothing is read or sent', async () => {
  const { seen, upload } = world(251 * 1024 * mebibyte, 0);
  await expect(upload()).rejects.toMatchObject({ kind: 'limit', reason: 'file-too-large' });
  expect(seen).toMatchObject({ read: 0, sent: 0 });
});

test('a file that grows past the size of large chunks is not sent whole', async () => {
  const { seen, upload } = world(257 * mebibyte, 256 * mebibyte);
  expect(await upload()).toMatchObject({ status: 'uploaded', manifest: { size: 257 * mebibyte } });
  expect(seen.sent).toBe(mebibyte);
});

test.each([
  ['new', 0],
  ['changed all over', 3.5 * mebibyte],
])('a large file that is %s is not read to its end once a part of it could not be stored', async (_, before) => {
  const offline = new HoldfastError('offline', 'The server cannot be reached.');
  const { seen, upload } = world(200 * mebibyte, before, () => Promise.reject(offline));
  await expect(upload()).rejects.toBe(offline);
  expect(seen.read).toBeLessThan(20 * mebibyte);
});

test('many large files that changed are looked at a few at a time: each takes the memory of several chunks', async () => {
  const { seen, upload } = world(6 * mebibyte, 6 * mebibyte - 10);
  await Promise.all(Array.from({ length: 30 }, () => upload()));
  expect(seen.most).toBeLessThan(10);
});

test('a file that was made anew under the name is not sent, where times of birth are all that tells the two apart', async () => {
  const { upload } = world(40, 0);
  expect(await upload({ ctimeUs: 0 })).toMatchObject({ status: 'uploaded' });
  // A save that put its time back.
  expect(await upload({ ctimeUs: 2 })).toMatchObject({ status: 'stale' });
  expect(await upload({ ctimeUs: 0, birthUs: 2 })).toEqual({ status: 'stale' });
});

test('a file is sent with its executable bit, and that alone makes a version', async () => {
  const { seen, upload } = world(2 * mebibyte, 2 * mebibyte);
  expect(await upload()).toEqual({ status: 'same', revision: former });
  expect(await upload({ exec: true })).toMatchObject({ status: 'uploaded', manifest: { exec: true } });
  expect(seen.sent).toBe(0);
});

test('of former chunks of which one is not known here any more none is reused in the place of another', async () => {
  const { rows, upload } = world(6 * mebibyte, 5 * mebibyte);
  rows.splice(2, 1);
  expectWhole(await upload(), 6 * mebibyte);
});

test('a file whose former chunks would leave it in too many pieces is split anew, from its beginning', async () => {
  const { upload } = world(6 * mebibyte, 6 * mebibyte, undefined, mebibyte / 64);
  const outcome = await upload();
  expectWhole(outcome, 6 * mebibyte);
  expect(outcome).toHaveProperty('refs.length', 6);
});

test.each([0.5, 3])('a file that ended early while it was read is no version (%d MiB)', async (size) => {
  const { file, upload } = world(size * mebibyte, 0);
  file.end -= 10;
  expect(await upload()).toEqual({ status: 'stale' });
});

test('of a file that does not come to rest what stands of it is taken, unless that changed meanwhile', async () => {
  const { file, upload } = world(3 * mebibyte, 0);
  file.isUnchanged = false;
  const beginning = { size: 3 * mebibyte - 10 };
  expect(await upload(beginning)).toEqual({ status: 'stale' });
  file.isHurried = true;
  expectWhole(await upload(beginning), beginning.size);
  let reads = 0;
  file.fill = (into, position) => {
    fill(into, position);
    // The second look sees another content.
    if (++reads > 3) into[0] = 200;
  };
  expect(await upload(beginning)).toEqual({ status: 'stale' });
});
