import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { must } from '../../common/errors.ts';
import type { Place, PlacedObject } from '../metadata-store.ts';
import type { Allocate } from '../object-store.ts';
import type { Layout } from './layout.ts';

/** Neighbours in one pack are read together up to this many bytes, over gaps up to that many. */
const maxRunBytes = 1024 * 1024;
const maxGapBytes = 16 * 1024;

interface Run {
  readonly first: PlacedObject;
  readonly members: { readonly index: number; readonly place: Place }[];
  end: number;
}

function runsOf(objects: readonly PlacedObject[]): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  objects.forEach((object, index) => {
    const { place } = object;
    const start = run?.first.place;
    const fits =
      run !== null &&
      start !== undefined &&
      place.offset > 0 &&
      place.file === start.file &&
      place.offset >= run.end &&
      place.offset - run.end <= maxGapBytes &&
      place.offset + place.length - start.offset <= maxRunBytes;
    if (run === null || !fits) {
      run = { first: object, members: [], end: place.offset };
      runs.push(run);
    }
    run.members.push({ index, place });
    run.end = place.offset + place.length;
  });
  return runs;
}

/** What a file system says of a bad block: EIO, and on Linux EBADMSG or EUCLEAN where it keeps checksums of its own. */
const isBad = ({ code, errno }: NodeJS.ErrnoException): boolean => code === 'EIO' || errno === -74 || errno === -117;

/** Whole bytes from a file; null if it is gone, shorter, or not to be read there. */
async function readExactly(path: string, offset: number, length: number, allocate: Allocate): Promise<Buffer | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, 'r');
    const bytes = allocate(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
      if (bytesRead === 0) return null;
      at += bytesRead;
    }
    return bytes;
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (cause.code === 'ENOENT' || isBad(cause)) return null;
    throw error;
  } finally {
    await handle?.close();
  }
}

/** Objects in the order given; null for what is gone or does not have its checksum. */
export async function readObjects(
  layout: Layout,
  objects: readonly PlacedObject[],
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Promise<(Buffer | null)[]> {
  const found: (Buffer | null)[] = new Array(objects.length).fill(null);
  for (const { first, members, end } of runsOf(objects)) {
    const { file, offset } = first.place;
    const path = offset > 0 ? layout.pack(file) : layout.single(first, file);
    const bytes = await readExactly(path, offset, end - offset, allocate);
    if (bytes === null) {
      if (members.length === 1) continue;
      // One of them cannot be read or lies beyond the end, or the pack has moved; the others may still be there.
      for (const { index } of members)
        found[index] = (await readObjects(layout, [must(objects[index])], allocate))[0] ?? null;
      continue;
    }
    for (const { index, place } of members) {
      const part = bytes.subarray(place.offset - offset, place.offset - offset + place.length);
      if (crc32(part) === place.crc) found[index] = part;
    }
  }
  return found;
}
