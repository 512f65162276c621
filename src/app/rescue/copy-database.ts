import { copyFile, constants as fsConstants, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HoldfastError } from '../../common/errors.ts';
import type { AddProblem } from './report.ts';

const knownFormat = 1;
const knownSchema = 1;

const unreadable = (cause: unknown): HoldfastError =>
  (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    ? new HoldfastError('io', 'The output disk is full.', { reason: 'disk-full', cause })
    : new HoldfastError('io', 'meta.db cannot be copied to the output folder: one of the two disks fails.', { cause });

/**
 * The server's database, copied to `workDir` with its log: as it stands there, else without the log, else what can be read of it.
 * Throws `corrupt`, `io`, `version`.
 */
export async function openCopied(dataDir: string, workDir: string, addProblem: AddProblem): Promise<Database.Database> {
  const whole = join(workDir, 'whole.db');
  const { hasLog, isStill } = await copyDatabase(dataDir, whole).catch((cause: unknown) =>
    Promise.reject(unreadable(cause)),
  );
  if (!isStill) {
    addProblem({
      kind: 'copy',
      message: 'A server wrote to meta.db all the while it was copied: what changed meanwhile may be missing.',
    });
  }
  const opened = openDatabase(whole);
  if (opened !== null) return opened;
  const alone = join(workDir, 'alone.db');
  await copyFile(join(dataDir, 'meta.db'), alone).catch((cause: unknown) => Promise.reject(unreadable(cause)));
  const withoutLog = hasLog ? openDatabase(alone) : null;
  if (withoutLog !== null) {
    addProblem({
      kind: 'copy',
      message: 'meta.db-wal does not go with meta.db and was left out: the latest changes may be missing.',
    });
    return withoutLog;
  }
  const damaged = openDatabase(alone, true);
  if (damaged === null) throw new HoldfastError('corrupt', 'meta.db is no database that can be read.');
  addProblem({ kind: 'copy', message: 'meta.db is damaged; what can still be read of it is used.' });
  return damaged;
}

/** Throws `usage` if the folder holds no server's data, `version` if a newer one's. */
export async function checkFormat(dataDir: string, addProblem: AddProblem): Promise<void> {
  const text = await readFile(join(dataDir, 'format'), 'utf8').catch(() => null);
  const hasDatabase = await stat(join(dataDir, 'meta.db')).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!hasDatabase) {
    throw new HoldfastError('usage', 'This folder is not a copy of the server’s data: there is no meta.db in it.', {
      hint: 'Give the folder that the server was started with (`serve --data`), or a copy of it.',
    });
  }
  const version = text === null ? null : Number(/^holdfast-server (\d+)\n$/.exec(text)?.[1]);
  if (version !== null && version > knownFormat) throw tooNew();
  if (version !== knownFormat) {
    addProblem({ kind: 'copy', message: 'The file `format` is missing or damaged; format 1 was assumed.' });
  }
}

const tooNew = (): HoldfastError =>
  new HoldfastError(
    'version',
    'The server’s data was written by a newer version of Holdfast; use that one to rescue it.',
  );

const maxTries = 5;

/**
 * Database and write-ahead log as they were together, if a server still writes to them. Answers whether there is a log, and
 * whether that came about.
 */
async function copyDatabase(dataDir: string, to: string): Promise<{ hasLog: boolean; isStill: boolean }> {
  const from = join(dataDir, 'meta.db');
  for (let tries = 1; ; tries++) {
    const before = await stateOf(from);
    await copyFile(from, to, fsConstants.COPYFILE_FICLONE);
    const hasLog = await copyFile(`${from}-wal`, `${to}-wal`, fsConstants.COPYFILE_FICLONE).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
    const isStill = (await stateOf(from)) === before;
    if (isStill || tries === maxTries) return { hasLog, isStill };
  }
}

async function stateOf(path: string): Promise<string> {
  const parts = [path, `${path}-wal`].map(async (part) => {
    const found = await stat(part, { bigint: true }).catch(() => null);
    return found === null ? '-' : `${found.size}:${found.mtimeNs}`;
  });
  return (await Promise.all(parts)).join(' ');
}

/** Null if it is damaged and may not be. */
function openDatabase(path: string, mayBeDamaged = false): Database.Database | null {
  let db: Database.Database | null = null;
  try {
    db = new Database(path);
    // Else nothing is read of a file that is cut short, or has a damaged line in its schema.
    if (mayBeDamaged) db.unsafeMode().pragma('writable_schema = ON');
    if ((db.pragma('user_version', { simple: true }) as number) > knownSchema) throw tooNew();
    if (mayBeDamaged || db.pragma('quick_check(1)', { simple: true }) === 'ok') return db;
  } catch (error) {
    if (error instanceof HoldfastError) {
      db?.close();
      throw error;
    }
  }
  db?.close();
  return null;
}
