import { open, rename, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Place } from '../metadata-store.ts';
import type { StoredObject } from '../object-store.ts';
import { createDirectWriter } from './direct-write.ts';
import { createGroupSync } from './group-sync.ts';
import { type Layout, syncFolder } from './layout.ts';

/** Writes objects as files of their own: to a temporary name, synced, renamed, folder synced. */
export function createSingleWriter(layout: Layout, nextFile: () => number): (object: StoredObject) => Promise<Place> {
  const writeDirectly = createDirectWriter();
  const syncs = new Map<string, () => Promise<void>>();

  function syncNames(folder: string): Promise<void> {
    let sync = syncs.get(folder);
    if (sync === undefined) {
      sync = createGroupSync(() =>
        syncFolder(folder).catch((error: unknown) => {
          syncs.delete(folder);
          throw error;
        }),
      );
      syncs.set(folder, sync);
    }
    return sync();
  }

  return async ({ key, bytes }) => {
    const file = nextFile();
    const temporary = layout.temporary(file);
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        for (let at = await writeDirectly(temporary, bytes); at < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at);
          if (bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
          at += bytesWritten;
        }
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(temporary, layout.single(key, file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncNames(layout.singleFolder(key));
    return { file, offset: 0, length: bytes.length, crc: crc32(bytes) };
  };
}
