import { crc32 } from 'node:zlib';
import type { ObjectStore } from '../../src/server/object-store.ts';

/** The object store in memory: each object is a file of its own. */
export function createMemoryObjects(files = new Map<number, Buffer>()): ObjectStore {
  let next = 1;

  return {
    put: async (objects, record) =>
      record(
        objects.map(({ bytes }) => {
          const file = next++;
          files.set(file, Buffer.from(bytes));
          return { file, offset: 0, length: bytes.length, crc: crc32(bytes) };
        }),
      ),
    read: async (objects) =>
      objects.map(({ place }) => {
        const bytes = files.get(place.file);
        return bytes !== undefined && bytes.length === place.length && crc32(bytes) === place.crc ? bytes : null;
      }),
    free: async (objects) => {
      for (const { place } of objects) files.delete(place.file);
    },
    sweep: async () => 0,
    close: async () => undefined,
  };
}
