import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/** How many folders below a new root are looked into, the nearest first. */
const maxFolders = 1000;

/**
 * Data of a storage server (STORAGE.md) that this folder is, lies in, or holds while a server runs on it: each sync would
 * change it, and ask for another one. Null: none was found.
 */
export function findServerData(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (isServerData(at)) return at;
    if (dirname(at) === at) break;
  }
  const found = foldersIn(folder);
  for (const at of found) {
    // A copy that lies there at rest is like any other file.
    if (isServerData(at)) {
      if (isInUse(at)) return at;
    } else if (found.length < maxFolders) found.push(...foldersIn(at));
    if (found.length > maxFolders) found.length = maxFolders;
  }
  return null;
}

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

/** Whether a server holds its lock. */
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
