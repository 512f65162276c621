import { rm } from 'node:fs/promises';
import { must } from '../../common/errors.ts';
import type { Place } from '../metadata-store.ts';
import type { ObjectStore, StoredObject } from '../object-store.ts';
import { diskError } from './disk-error.ts';
import { createFileNumbers } from './file-number.ts';
import { layoutOf, prepareLayout } from './layout.ts';
import { createPackWriter } from './pack-writer.ts';
import { readObjects } from './reader.ts';
import { createSingleWriter } from './single-writer.ts';
import { sweepPacks, sweepSingles } from './sweep.ts';

/** Objects up to this many bytes share files: contents of 64 KiB, sealed. */
const maxPackedBytes = 64 * 1024 + 16;

/** The object store in a local folder. `start` is greater than at any start before (see `MetadataStore`). */
export async function openDiskObjects(root: string, start: number): Promise<ObjectStore> {
  await prepareLayout(root);
  const layout = layoutOf(root);
  const nextFile = createFileNumbers(start);
  const packs = createPackWriter(layout, nextFile);
  const writeSingle = createSingleWriter(layout, nextFile);
  const parts = { root, start, layout, packs };
  let areSinglesSwept = false;

  return {
    put: async (objects, record) => {
      const small = objects.filter(isSmall);
      const large = objects.filter((object) => !isSmall(object));
      // All settle before a failure is reported: no write goes on behind the caller's back.
      const singles = Promise.allSettled(large.map(writeSingle));
      let isWhole = false;
      const finish = async (packed: readonly Place[]) => {
        const places = new Map(small.map((object, at) => [object, must(packed[at])]));
        (await singles).forEach((result, at) => {
          if (result.status === 'rejected') throw diskError(result.reason);
          places.set(must(large[at]), result.value);
        });
        isWhole = true;
        return record(objects.map((object) => must(places.get(object))));
      };
      try {
        return await (small.length === 0 ? finish([]) : packs.append(small, finish));
      } finally {
        const written = await singles;
        // What came to nothing must not keep a full disk full.
        for (const [at, result] of written.entries()) {
          if (isWhole || result.status === 'rejected') continue;
          await rm(layout.single(must(large[at]).key, result.value.file), { force: true }).catch(() => undefined);
        }
      }
    },
    read: (objects, allocate) => readObjects(layout, objects, allocate),
    free: async (objects) => {
      for (const object of objects) {
        // Objects in packs leave a hole that sweeping closes.
        if (object.place.offset === 0) await rm(layout.single(object, object.place.file), { force: true });
      }
    },
    sweep: async (index, signal) => {
      // Earlier starts leave nothing new behind: asking about every file again and again would keep an idle server busy.
      const singles = areSinglesSwept ? 0 : await sweepSingles(parts, index, signal);
      areSinglesSwept ||= !signal.aborted;
      return singles + (await sweepPacks(parts, index, signal));
    },
    close: () => packs.close(),
  };
}

const isSmall = ({ bytes }: StoredObject): boolean => bytes.length <= maxPackedBytes;
