import { rm, stat } from 'node:fs/promises';
import { must } from '../../common/errors.ts';
import type { PlacedObject } from '../metadata-store.ts';
import type { SweepIndex } from '../object-store.ts';
import { startOf } from './file-number.ts';
import { type Layout, listPacks, listSingles } from './layout.ts';
import type { PackWriter } from './pack-writer.ts';
import { readObjects } from './reader.ts';

interface SweepParts {
  readonly root: string;
  readonly start: number;
  readonly layout: Layout;
  readonly packs: PackWriter;
}

/** Files of earlier starts that no object is in: their index entries were never written, or are gone. */
export async function sweepSingles(parts: SweepParts, index: SweepIndex, signal: AbortSignal): Promise<number> {
  let freed = 0;
  for await (const files of listSingles(parts.root)) {
    if (signal.aborted) return freed;
    const old = files.filter(({ file }) => startOf(file) < parts.start);
    const placed = await index.isPlaced(old);
    for (const [at, { path }] of old.entries()) {
      if (placed[at] === false) freed += await removeFile(path);
    }
  }
  return freed;
}

/** A pack is rewritten when less than this part of it is alive. */
const leastLive = 0.5;
/** Small packs, as each start leaves one, are joined when there are more than so many of them. */
const smallPackBytes = 4 * 1024 * 1024;
const maxSmallPacks = 8;

/** Packs without live objects go; those mostly dead, and crowds of small ones, move to the pack that grows now. */
export async function sweepPacks(parts: SweepParts, index: SweepIndex, signal: AbortSignal): Promise<number> {
  const { layout, packs } = parts;
  const live = new Map((await index.packs()).map(({ file, bytes }) => [file, bytes]));
  const small: number[] = [];
  let freed = 0;
  for (const file of await listPacks(parts.root)) {
    if (signal.aborted) return freed;
    if (packs.isInUse(file)) continue;
    const bytes = live.get(file) ?? 0;
    const size = await sizeOf(layout.pack(file));
    if (bytes < size * leastLive) freed += await rewritePack(parts, index, file);
    else if (size < smallPackBytes) small.push(file);
  }
  if (small.length <= maxSmallPacks) return freed;
  for (const file of small) {
    if (signal.aborted) break;
    freed += await rewritePack(parts, index, file);
  }
  return freed;
}

/** Rows asked for at once: the server waits for them, and they are scattered over the database. */
const sliceLength = 200;

/** Copies what is alive to the pack that grows now, moves it in the index, and removes the old pack. */
async function rewritePack({ layout, packs }: SweepParts, index: SweepIndex, file: number): Promise<number> {
  let moved = 0;
  for (let after = 0; ; ) {
    const objects = await index.inFile(file, after, sliceLength);
    const last = objects.at(-1);
    if (last === undefined) break;
    after = last.place.offset;
    for (const batch of batchesOf(objects)) {
      const bytes = await readObjects(layout, batch);
      const whole = batch.flatMap((object, at) => {
        const found = bytes[at];
        return found === null || found === undefined ? [] : [{ key: object, from: object.place, bytes: found }];
      });
      if (whole.length === 0) continue;
      await packs.append(whole, (places) =>
        index.move(whole.map(({ key, from }, at) => ({ key, from, to: must(places[at]) }))),
      );
      for (const { from } of whole) moved += from.length;
    }
  }
  // A damaged object stays where it is, and its pack with it: a copy of the disk may still heal it.
  if ((await index.inFile(file, 0, 1)).length > 0) return 0;
  return (await removeFile(layout.pack(file))) - moved;
}

const batchBytes = 2 * 1024 * 1024;

function* batchesOf(objects: readonly PlacedObject[]): Generator<PlacedObject[]> {
  let batch: PlacedObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    if (bytes + object.place.length > batchBytes && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(object);
    bytes += object.place.length;
  }
  if (batch.length > 0) yield batch;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function removeFile(path: string): Promise<number> {
  const size = await sizeOf(path);
  await rm(path, { force: true });
  return size;
}
