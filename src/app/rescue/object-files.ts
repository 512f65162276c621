import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fromHex } from '../../common/bytes.ts';
import { must } from '../../common/errors.ts';
import type { ObjectPlace, ServerCopy } from './server-copy.ts';

/**
 * The objects' bytes in a copy of the server's data (`src/server/STORAGE.md`). What it answers is as good as the disk;
 * callers check hashes.
 */
export interface ObjectFiles {
  /**
   * Bytes that may be the object, `length` of them, the likeliest first: where the database says, then wherever else a
   * file bears its id, as after packs were rewritten while they were copied.
   */
  candidates(
    vault: { readonly id: string; readonly n: number },
    object: string,
    length: number,
  ): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

const recordHead = 44;
const recordMagic = 0x48464f31;
const packMagic = 'HFPACK01';

const fileName = (file: number): string => file.toString(16).padStart(14, '0');

export function openObjectFiles(copy: ServerCopy): ObjectFiles {
  const root = join(copy.dataDir, 'objects');
  let search: Promise<Database.Database> | null = null;

  async function readPlace(
    vault: string,
    object: string,
    { file, offset, length }: ObjectPlace,
  ): Promise<Uint8Array | null> {
    const path = offset > 0 ? join(root, 'packs', fileName(file)) : singlePath(root, vault, object, file);
    try {
      const handle = await open(path, 'r');
      try {
        return await readExactly(handle, offset, length);
      } finally {
        await handle.close();
      }
    } catch {
      return null; // gone, or on a part of the disk that cannot be read
    }
  }

  return {
    async *candidates(vault, object, length) {
      const place = copy.place(vault.n, object);
      if (place !== null && place.length === length) {
        const bytes = await readPlace(vault.id, object, place);
        if (bytes !== null) yield bytes;
      }
      search ??= searchObjects(root);
      const found = (await search)
        .prepare<[Uint8Array, Uint8Array, number], ObjectPlace>(
          'SELECT file, offset, length FROM found WHERE vault = ? AND id = ? AND length = ? ORDER BY file DESC, offset DESC',
        )
        .all(must(fromHex(vault.id)), must(fromHex(object)), length);
      for (const other of found) {
        if (other.file === place?.file && other.offset === place.offset) continue;
        const bytes = await readPlace(vault.id, object, other);
        if (bytes !== null) yield bytes;
      }
    },
    close: async () => {
      (await search?.catch(() => null))?.close();
    },
  };
}

const singlePath = (root: string, vault: string, object: string, file: number): string =>
  join(root, 'single', object.slice(0, 2), `${vault}-${object}-${fileName(file)}`);

async function readExactly(handle: FileHandle, offset: number, length: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) return null;
    at += bytesRead;
  }
  return bytes;
}

/** Finds all objects by the files alone, without the server's index. */
async function searchObjects(root: string): Promise<Database.Database> {
  const db = new Database('');
  db.pragma('journal_mode = OFF');
  db.exec('CREATE TABLE found (vault BLOB, id BLOB, length INTEGER, file INTEGER, offset INTEGER) STRICT; BEGIN');
  const insert = db.prepare('INSERT INTO found VALUES (?, ?, ?, ?, ?)');
  for (const name of await names(join(root, 'packs'))) {
    if (!/^[0-9a-f]{14}$/.test(name)) continue;
    const file = Number.parseInt(name, 16);
    for await (const { vault, id, length, offset } of packRecords(join(root, 'packs', name))) {
      insert.run(vault, id, length, file, offset);
    }
  }
  for (const folder of await names(join(root, 'single'))) {
    for (const name of await names(join(root, 'single', folder))) {
      const [, vault, id, file] = /^([0-9a-f]{32})-([0-9a-f]{32})-([0-9a-f]{14})$/.exec(name) ?? [];
      if (vault === undefined || id === undefined || file === undefined) continue;
      const length = await sizeOf(join(root, 'single', folder, name));
      insert.run(must(fromHex(vault)), must(fromHex(id)), length, Number.parseInt(file, 16), 0);
    }
  }
  db.exec('CREATE INDEX found_by_id ON found (vault, id)');
  return db;
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return 0;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

interface PackRecord {
  readonly vault: Uint8Array;
  readonly id: Uint8Array;
  readonly length: number;
  readonly offset: number;
}

/** The records of a pack, up to the first that is damaged. */
async function* packRecords(path: string): AsyncGenerator<PackRecord> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return;
  try {
    const start = await readExactly(handle, 0, packMagic.length);
    if (start === null || Buffer.from(start).toString('latin1') !== packMagic) return;
    for (let at = packMagic.length; ; ) {
      const head = await readExactly(handle, at, recordHead);
      if (head === null) return;
      const view = new DataView(head.buffer);
      if (view.getUint32(0) !== recordMagic) return;
      const length = view.getUint32(36);
      yield { vault: head.slice(4, 20), id: head.slice(20, 36), length, offset: at + recordHead };
      at += recordHead + length;
    }
  } catch {
    return; // an unreadable part of the disk
  } finally {
    await handle.close();
  }
}
