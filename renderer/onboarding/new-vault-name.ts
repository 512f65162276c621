import { nameKey } from '../../src/common/name.ts';

/** The last part of a path, whichever system it is of; empty if it has none. */
export const folderName = (folder: string): string =>
  folder
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1) ?? '';

/** What a folder's new vault is called: as the folder, with a number if another vault has that name. Empty if the folder has none. */
export function newVaultName(folder: string, taken: readonly string[]): string {
  const own = folderName(folder).trim();
  const keys = new Set(taken.map((name) => nameKey(name.trim())));
  let name = own;
  for (let n = 2; keys.has(nameKey(name)); n++) name = `${own} ${n}`;
  return name;
}
