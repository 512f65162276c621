import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { idBytes } from '../../common/ids.ts';
import type { Place } from '../metadata-store.ts';
import type { StoredObject } from '../object-store.ts';
import { diskError } from './disk-error.ts';
import { createGroupSync } from './group-sync.ts';
import { type Layout, syncFolder } from './layout.ts';

/**
 * Packs: files of many small objects. `"HFPACK01"`, then records: magic u32 ‖ vault (16) ‖ object (16) ‖ length u32 ‖
 * CRC-32 u32 ‖ bytes. The index is elsewhere; the record's head is there so that a pack can be read without it.
 */
const fileMagic = Buffer.from('HFPACK01');
const recordMagic = 0x48464f31;
const recordHeadLength = 44;

const maxPackBytes = 64 * 1024 * 1024;

interface Pack {
  readonly file: number;
  readonly handle: FileHandle;
  /** Where the next record goes. */
  end: number;
  /** Where the last record ends that was written as a whole. */
  kept: number;
  /** Writes under way, up to their record in the index; a full pack is closed after the last. */
  users: number;
  isFull: boolean;
  readonly sync: () => Promise<void>;
}

export interface PackWriter {
  /** Calls `record` when the objects are durable, and settles as it does. */
  append<T>(objects: readonly StoredObject[], record: (places: readonly Place[]) => Promise<T>): Promise<T>;
  /** Whether it grows, or holds objects whose record is on its way. Once it is not, it never is again. */
  isInUse(file: number): boolean;
  close(): Promise<void>;
}

function recordHead({ key, bytes }: StoredObject, crc: number): Buffer {
  const head = Buffer.allocUnsafe(recordHeadLength);
  head.writeUInt32BE(recordMagic, 0);
  head.set(idBytes(key.vault), 4);
  head.set(idBytes(key.id), 20);
  head.writeUInt32BE(bytes.length, 36);
  head.writeUInt32BE(crc, 40);
  return head;
}

/** A pack is only ever appended to by the start that made it, so a tail cut short by a crash is never followed by records. */
export function createPackWriter(layout: Layout, nextFile: () => number): PackWriter {
  let pack: Promise<Pack> | null = null;
  let now: Pack | null = null;
  const inUse = new Set<Pack>();
  /** From before a pack's file is there until it is closed: sweeping must not take a new one for an empty one. */
  const filesInUse = new Set<number>();

  async function create(): Promise<Pack> {
    const file = nextFile();
    filesInUse.add(file);
    let handle: FileHandle;
    try {
      handle = await open(layout.pack(file), 'wx', 0o600);
    } catch (error) {
      filesInUse.delete(file);
      throw error;
    }
    try {
      await handle.write(fileMagic, 0, fileMagic.length, 0);
      await syncFolder(layout.packs);
    } catch (error) {
      await handle.close().catch(() => undefined);
      filesInUse.delete(file);
      throw error;
    }
    const sync = createGroupSync(() => handle.datasync());
    now = { file, handle, end: fileMagic.length, kept: fileMagic.length, users: 0, isFull: false, sync };
    inUse.add(now);
    return now;
  }

  function take(): Promise<Pack> {
    if (pack === null) {
      pack = create();
      pack.catch(() => {
        pack = null;
      });
    }
    return pack;
  }

  /** After a failed write or sync nobody knows what the file holds: it is not written to any more. */
  function retire(used: Pack): void {
    used.isFull = true;
    if (now === used) {
      now = null;
      pack = null;
    }
  }

  async function writeDurably(used: Pack, parts: readonly Uint8Array[], start: number, end: number): Promise<void> {
    try {
      await writeAll(used.handle, parts, start);
      await used.sync();
      used.kept = Math.max(used.kept, end);
    } catch (cause) {
      retire(used);
      throw diskError(cause);
    }
  }

  async function closeUnused(used: Pack): Promise<void> {
    if (!used.isFull || used.users > 0 || !inUse.delete(used)) return;
    filesInUse.delete(used.file);
    // What came to nothing must not keep a full disk full.
    if (used.kept < used.end) await used.handle.truncate(used.kept).catch(() => undefined);
    await used.handle.close();
  }

  return {
    append: async (objects, record) => {
      let used: Pack;
      // A pack that has just been retired is cut off behind its last record.
      do used = await take().catch((cause) => Promise.reject(diskError(cause)));
      while (used.isFull);
      // From here to the write nothing waits: offsets are given out in order.
      const parts: Uint8Array[] = [];
      const places: Place[] = [];
      const start = used.end;
      let end = start;
      for (const object of objects) {
        const crc = crc32(object.bytes);
        parts.push(recordHead(object, crc), object.bytes);
        places.push({ file: used.file, offset: end + recordHeadLength, length: object.bytes.length, crc });
        end += recordHeadLength + object.bytes.length;
      }
      used.end = end;
      used.users++;
      if (end >= maxPackBytes) retire(used);
      try {
        await writeDurably(used, parts, start, end);
        return await record(places);
      } finally {
        used.users--;
        await closeUnused(used);
      }
    },
    isInUse: (file) => filesInUse.has(file),
    close: async () => {
      pack = null;
      now = null;
      await Promise.all([...inUse].map((left) => left.handle.close()));
      inUse.clear();
    },
  };
}

// Below the system's limit of buffers in one call.
const maxParts = 512;

async function writeAll(handle: FileHandle, parts: readonly Uint8Array[], start: number): Promise<void> {
  let position = start;
  for (let i = 0; i < parts.length; i += maxParts) {
    const slice = parts.slice(i, i + maxParts);
    const length = slice.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await handle.writev(slice, position);
    if (bytesWritten !== length) {
      const rest = Buffer.concat(slice).subarray(bytesWritten);
      let done = 0;
      while (done < rest.length) {
        const more = await handle.write(rest, done, rest.length - done, position + bytesWritten + done);
        if (more.bytesWritten === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
        done += more.bytesWritten;
      }
    }
    position += length;
  }
}
