import { chmod, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HoldfastError } from '../common/errors.ts';
import { syncFolder } from './disk/layout.ts';
import { isOfAnotherUser } from './is-of-another-user.ts';

/** The format of the data folder as a whole (STORAGE.md). */
const dataFormat = 1;

const formatFile = 'format';

interface DataFolder {
  readonly metadata: string;
  readonly objects: string;
  release(): void;
}

/**
 * Opens or begins a data folder, for this process alone until `release` (or its end, however it comes). Throws `version`
 * if it is of a newer format, `usage` if it is something else, `refused` if another server has it (reason `in-use`) or another user of
 * this computer (`other-user`), and `corrupt` if its database is gone; then nothing in it was touched.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const isNew = await checkFormat(path);
  const folder = { metadata: join(path, 'meta.db'), objects: join(path, 'objects') };
  if (isOfAnotherUser(folder.metadata)) throw ofAnotherUser(path);
  const release = lockFolder(join(path, 'lock'));
  try {
    await checkDatabase(folder);
    await chmod(path, 0o700);
    if (isNew) await writeFormat(path);
    return { ...folder, release };
  } catch (error) {
    release();
    throw error;
  }
}

const ofAnotherUser = (path: string): HoldfastError =>
  new HoldfastError('refused', 'The data folder belongs to another user of this computer.', {
    reason: 'other-user',
    hint: `Run the server as that user, or first give the whole folder to the one who runs it: chown -R USER ${path}`,
  });

async function checkFormat(path: string): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(join(path, formatFile), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const known = new Set(['lock', 'lock-journal', 'format.new']);
    if ((await readdir(path)).every((name) => known.has(name))) return true;
    throw new HoldfastError(
      'usage',
      'The data folder holds other files; give an empty one or one of Holdfast’s server.',
    );
  }
  const version = Number(/^holdfast-server (\d+)\n$/.exec(text)?.[1]);
  if (version > dataFormat) {
    throw new HoldfastError('version', 'The data folder was written by a newer version of Holdfast; update this one.');
  }
  if (version !== dataFormat) throw new HoldfastError('corrupt', 'The data folder’s format file cannot be read.');
  return false;
}

/** A new database knows none of the objects that are there: they would be taken for waste, and removed. */
async function checkDatabase({ metadata, objects }: Pick<DataFolder, 'metadata' | 'objects'>): Promise<void> {
  const size = await stat(metadata).then((found) => found.size, orIfMissing(0));
  if (size > 0) return;
  const files = await readdir(objects, { recursive: true, withFileTypes: true }).catch(orIfMissing([]));
  if (!files.some((entry) => entry.isFile())) return;
  throw new HoldfastError(
    'corrupt',
    'The data folder holds objects, but its database meta.db is missing or empty; put it back from a copy.',
  );
}

const orIfMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };

async function writeFormat(path: string): Promise<void> {
  const temporary = join(path, 'format.new');
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`holdfast-server ${dataFormat}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(path, formatFile));
  await syncFolder(path);
}

/** A lock of the system's, by way of SQLite, on every platform: it goes with the process, however that ends. */
function lockFolder(path: string): () => void {
  let lock: Database.Database | null = null;
  try {
    lock = new Database(path, { timeout: 0 });
    lock.pragma('journal_mode = DELETE');
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return () => held.close();
  } catch (cause) {
    lock?.close();
    const code = cause instanceof Database.SqliteError ? cause.code : '';
    if (!/^SQLITE_(BUSY|LOCKED)/.test(code)) throw cause;
    throw new HoldfastError('refused', 'Another server is using this data folder; stop it first.', {
      reason: 'in-use',
      cause,
    });
  }
}
