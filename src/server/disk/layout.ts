import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isId, type ObjectId, type VaultId } from '../../common/ids.ts';
import type { ObjectKey } from '../metadata-store.ts';
import { fileName, parseFileName } from './file-number.ts';

/**
 * Where things are below the object store's folder (STORAGE.md): `packs/NUMBER`, `single/XX/VAULT-OBJECT-NUMBER` (XX: the
 * object id's first byte), `new/NUMBER` for files that are not whole yet.
 */
export interface Layout {
  pack(file: number): string;
  single(key: ObjectKey, file: number): string;
  singleFolder(key: ObjectKey): string;
  temporary(file: number): string;
  readonly packs: string;
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const singleFolders = (root: string): string[] => bytes.map((byte) => join(root, 'single', byte));

export function layoutOf(root: string): Layout {
  const packs = join(root, 'packs');
  const singleFolder = (key: ObjectKey): string => join(root, 'single', key.id.slice(0, 2));
  return {
    packs,
    pack: (file) => join(packs, fileName(file)),
    singleFolder,
    single: (key, file) => join(singleFolder(key), `${key.vault}-${key.id}-${fileName(file)}`),
    temporary: (file) => join(root, 'new', fileName(file)),
  };
}

/** Makes the folders, and clears away what an earlier start left half-written. */
export async function prepareLayout(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await rm(join(root, 'new'), { recursive: true, force: true });
  for (const folder of ['new', 'packs', 'single']) await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  const known = new Set(await readdir(join(root, 'single')));
  for (const folder of singleFolders(root)) {
    if (!known.has(folder.slice(-2))) await mkdir(folder, { mode: 0o700 });
  }
  for (const folder of [join(root, 'single'), root, dirname(root)]) await syncFolder(folder);
}

/** Makes names in a folder durable. Windows does so by itself, and cannot be asked to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

interface SingleFile {
  readonly path: string;
  readonly key: ObjectKey;
  readonly file: number;
}

/** Files of single objects, folder by folder. What has another name is not ours and is left alone. */
export async function* listSingles(root: string): AsyncGenerator<SingleFile[]> {
  for (const folder of singleFolders(root)) {
    const found: SingleFile[] = [];
    for (const name of await readdir(folder)) {
      const [vault, id, number, ...rest] = name.split('-');
      const file = parseFileName(number ?? '');
      if (!isId(vault) || !isId(id) || file === null || rest.length > 0) continue;
      found.push({ path: join(folder, name), key: { vault: vault as VaultId, id: id as ObjectId }, file });
    }
    yield found;
  }
}

export async function listPacks(root: string): Promise<number[]> {
  const names = await readdir(join(root, 'packs'));
  return names.map(parseFileName).filter((file) => file !== null);
}
