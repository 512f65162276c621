// @ts-check
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The commands as built, in one piece: one that has nothing to do takes a quarter less time than from hundreds of files. Null if
 * there is no build, or if the sources have changed since.
 *
 * @param {URL} root The folder of `package.json`, with a slash at its end.
 * @returns {URL | null}
 */
export function builtCommand(root) {
  const built = new URL('dist/cli/', root);
  try {
    /** @type {readonly (readonly [path: string, size: number, mtimeMs: number])[]} */
    const sources = JSON.parse(readFileSync(new URL('sources.json', built), 'utf8'));
    const folder = fileURLToPath(root);
    for (const [path, size, mtimeMs] of sources) {
      const now = statSync(folder + path);
      if (now.size !== size || now.mtimeMs !== mtimeMs) return null;
    }
    return sources.length > 0 ? new URL('command.js', built) : null;
  } catch {
    return null;
  }
}
