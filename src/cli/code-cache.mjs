// @ts-check
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where compiled code may be kept: in a folder of the person's own, since whoever can write there decides what runs. Null if
 * there is none, as when it was made by somebody else or others may write to it.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | null}
 */
export function codeFolder(environment) {
  const bases = [environment['XDG_CACHE_HOME'], environment['LOCALAPPDATA'], join(homedir(), '.cache')];
  const base = bases.find((folder) => folder !== undefined && isAbsolute(folder));
  if (base === undefined) return null;
  const own = join(base, 'holdfast');
  const code = join(own, 'code');
  for (const folder of [base, own, code]) makeFolder(folder);
  return isOurs(own) && isOurs(code) ? code : null;
}

/**
 * Makes no folders above it: Node's own way to do so loops for ever in a place like `/proc`, which takes no folder and says that it
 * does not exist.
 *
 * @param {string} folder
 */
function makeFolder(folder) {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

/** @param {string} folder */
function isOurs(folder) {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return false;
  return process.geteuid === undefined || (found.uid === process.geteuid() && (found.mode & 0o022) === 0);
}

/**
 * Keeps compiled code between two commands, which halves their start. Node checks each file against its source.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function keepCompiledCode(environment) {
  try {
    const folder = codeFolder(environment);
    if (folder !== null) enableCompileCache(folder);
  } catch {
    // Only slower.
  }
}
