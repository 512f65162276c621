import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a folder holds: files by relative path with their text, folders with a trailing slash; `.holdfast` left out. */
export function readTree(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const walk = (folder: string, prefix: string): void => {
    for (const name of readdirSync(folder).sort()) {
      if (prefix === '' && name === '.holdfast') continue;
      const path = join(folder, name);
      if (statSync(path).isDirectory()) {
        tree[`${prefix}${name}/`] = '';
        walk(path, `${prefix}${name}/`);
      } else tree[prefix + name] = readFileSync(path, 'utf8');
    }
  };
  walk(root, '');
  return tree;
}
