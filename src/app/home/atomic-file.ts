import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, isAbsence } from '../../common/errno.ts';
import { explaining } from './errno.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Replaces `path` by `text`, whole or not at all, durable when it returns; readable by the owner only. The files of a home
 * are small and rarely written, so this is synchronous.
 */
export function writeFileAtomically(path: string, text: string): void {
  explaining(`“${basename(path)}” cannot be written`, () => {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`);
    try {
      writeDurably(temporary, text);
      replaceFile(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
  });
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes names created, renamed or removed in `folder` survive a loss of power; nothing to do on Windows. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Null if there is no such file. */
export function readTextFile(path: string): string | null {
  return explaining(`“${basename(path)}” cannot be read`, () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    }
  });
}

/** Removes the file, durably; no error if it is not there. */
export function removeFile(path: string): void {
  explaining(`“${basename(path)}” cannot be removed`, () => {
    try {
      // `rmSync` has no code for a disk that is read-only.
      unlinkSync(path);
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    syncFolder(dirname(path));
  });
}

/** Throws `io` unless about `bytes` more can be written beside `path`: to find a full disk before something else is changed. */
export function assertRoom(path: string, bytes: number): void {
  const trial = `${path}.room`;
  explaining(`“${basename(path)}” cannot be written`, () => {
    try {
      rmSync(trial, { force: true });
      writeDurably(trial, '.'.repeat(bytes));
    } finally {
      rmSync(trial, { force: true });
    }
  });
}
