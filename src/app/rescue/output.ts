import { type FileHandle, mkdir, open, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import { makeFolders } from '../home/make-folders.ts';
import { replaceFile } from '../home/replace-file.ts';
import { markedName, nameForms } from './safe-name.ts';

export interface FileFacts {
  readonly mtimeUs: number;
  readonly exec: boolean;
}

/**
 * The folder that rescued files are written to. Nothing in it is ever overwritten, and names are single components that
 * are only joined to folders made here. All calls reject with `io` if the disk fails.
 */
export interface Output {
  readonly root: string;
  /** For files that are not whole yet, and copies of what is read; gone at the end. */
  readonly workDir: string;
  /** Makes a folder, under another name if this one is taken or cannot be; answers its path. */
  makeFolder(parent: string, name: string): Promise<string>;
  /** Writes a file whole: it appears under its name once all `pieces` came. */
  writeFile(parent: string, name: string, facts: FileFacts, pieces: AsyncIterable<Uint8Array>): Promise<string>;
  close(): Promise<void>;
}

const workName = '.holdfast-rescue';
const longPathsName = 'Long paths';

/** Throws `usage` unless the folder is new or empty, and apart from `dataDir`. `replace` is for tests. */
export async function openOutput(outDir: string, dataDir: string, replace = replaceFile): Promise<Output> {
  const data = await realpath(dataDir).catch(() => {
    throw new HoldfastError('usage', 'The folder to be rescued does not exist.');
  });
  const isNew = makeNew(outDir);
  const root = await realpath(outDir);
  const undo = async (): Promise<void> => {
    if (isNew) await rmdir(root).catch(() => undefined);
  };
  if (isWithin(root, data)) {
    await undo();
    throw new HoldfastError('usage', 'The output folder may not be in the folder to be rescued; choose another place.');
  }
  if ((await readdir(root).catch(asIo)).length > 0) {
    throw new HoldfastError('usage', 'The output folder is not empty; choose an empty or a new one.');
  }
  const workDir = join(root, workName);
  await mkdir(workDir, { mode: 0o700 }).catch(asIo);
  const files = openFiles(root, workDir, replace);
  return {
    root,
    workDir,
    ...files,
    close: async () => {
      // On Windows what looks for viruses may hold some of it for a moment.
      await rm(workDir, { recursive: true, force: true, maxRetries: 5 });
      await undo();
    },
  };
}

function makeNew(folder: string): boolean {
  try {
    return makeFolders(folder, 0o700);
  } catch (error) {
    return asIo(error);
  }
}

const isWithin = (path: string, folder: string): boolean => {
  const from = relative(folder, path);
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`) && resolve(folder, from) === path);
};

function openFiles(
  root: string,
  workDir: string,
  replace: typeof replaceFile,
): Pick<Output, 'makeFolder' | 'writeFile'> {
  let staged = 0;

  let longPaths: Promise<string> | null = null;

  /** Calls `make` with one path after the other until it is one that nothing has and the disk takes. */
  async function makeNamed(parent: string, name: string, make: (path: string) => Promise<void>): Promise<string> {
    const path = await firstTaken(parent, name, make);
    if (path !== null) return path;
    // A path may be too long for the system though its names are not: then it starts anew at the top.
    longPaths ??= firstTaken(root, longPathsName, (folder) => mkdir(folder)).then(mustBeTaken);
    return mustBeTaken(await firstTaken(await longPaths, name, make));
  }

  async function writeStage(
    path: string,
    { mtimeUs, exec }: FileFacts,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    let handle: FileHandle | null = null;
    try {
      for await (const piece of pieces) {
        handle ??= await open(path, 'wx', exec ? 0o777 : 0o666).catch(asIo);
        await writeAll(handle, piece);
      }
      handle ??= await open(path, 'wx', exec ? 0o777 : 0o666).catch(asIo);
      // As text: a number below zero would mean now.
      const seconds = String(mtimeUs / 1e6);
      await handle.utimes(seconds, seconds).catch(() => undefined); // a time that this disk cannot hold
      await handle.datasync().catch(asIo);
    } finally {
      await handle?.close();
    }
  }

  return {
    makeFolder: (parent, name) => makeNamed(parent, name, (path) => mkdir(path)),
    writeFile: async (parent, name, facts, pieces) => {
      const stage = join(workDir, `stage-${++staged}`);
      try {
        await writeStage(stage, facts, pieces);
        return await makeNamed(parent, name, async (path) => {
          // Holds the name, so that the rename replaces nothing else.
          await (await open(path, 'wx')).close();
          try {
            replace(stage, path);
          } catch (error) {
            await rm(path, { force: true });
            asIo(error);
          }
        });
      } finally {
        await rm(stage, { force: true });
      }
    },
  };
}

function mustBeTaken(path: string | null): string {
  if (path === null) throw new HoldfastError('io', 'The output disk takes none of the names that an item could have.');
  return path;
}

async function firstTaken(folder: string, name: string, make: (path: string) => Promise<void>): Promise<string | null> {
  for (const form of nameForms(name, process.platform)) {
    const path = await firstFree(folder, form, make);
    if (path !== null) return path;
  }
  return null;
}

const maxTwins = 10_000;
const refusedNames = new Set(['ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ENOENT', 'EPERM']);

async function firstFree(folder: string, name: string, make: (path: string) => Promise<void>): Promise<string | null> {
  for (let n = 1; n <= maxTwins; n++) {
    const path = join(folder, n === 1 ? name : markedName(name, String(n)));
    try {
      await make(path);
      return path;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'EEXIST' || code === 'EISDIR') continue;
      if (refusedNames.has(code)) return null;
      return asIo(error);
    }
  }
  return null;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at).catch(asIo);
    if (bytesWritten === 0) throw new HoldfastError('io', 'The output disk is full.', { reason: 'disk-full' });
    at += bytesWritten;
  }
}

function asIo(cause: unknown): never {
  if (cause instanceof HoldfastError) throw cause;
  const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  throw isFull
    ? new HoldfastError('io', 'The output disk is full.', { reason: 'disk-full', cause })
    : new HoldfastError('io', 'The output folder cannot be written to.', { cause });
}
