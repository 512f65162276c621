import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/** How many folders below a new root are looked into, the nearest first. */
const maxFolders = 1000;

export interface OwnData {
  readonly folder: string;
  /** Of a storage server (STORAGE.md), or a device's home. */
  readonly of: 'server' | 'device';
}

/**
 * Data of a program of ours that this folder is, lies in, or holds while that runs: each sync would change it, and ask for
 * another one. Null: none was found.
 */
export function findOwnData(folder: string): OwnData | null {
  for (let at = folder; ; at = dirname(at)) {
    const of = ownerOf(at);
    if (of !== null) return { folder: at, of };
    if (dirname(at) === at) break;
  }
  const found = foldersIn(folder);
  for (const at of found) {
    const of = ownerOf(at);
    // A copy that lies there at rest is like any other file.
    if (of !== null) {
      if (isInUse(at)) return { folder: at, of };
    } else if (found.length < maxFolders) found.push(...foldersIn(at));
    if (found.length > maxFolders) found.length = maxFolders;
  }
  return null;
}

const ownerOf = (folder: string): OwnData['of'] | null =>
  isServerData(folder) ? 'server' : isHome(folder) ? 'device' : null;

const isHome = (folder: string): boolean =>
  ['lock', 'keys', 'account.json'].every((name) => existsSync(join(folder, name)));

function isServerData(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'format'), 'latin1').startsWith('holdfast-server ');
  } catch {
    return false;
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

/** Whether a program holds its lock. */
function isInUse(folder: string): boolean {
  let lock: Database.Database | null = null;
  try {
    lock = new Database(join(folder, 'lock'), { readonly: true, fileMustExist: true, timeout: 0 });
    lock.pragma('schema_version');
    return false;
  } catch (error) {
    return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
  } finally {
    lock?.close();
  }
}
