import { folderName } from './new-vault-name.ts';

interface SomeVault {
  readonly vault: string;
  readonly name: string;
  /** Null if no folder here is synced with it. */
  readonly pair: string | null;
}

/**
 * The id of the vault that a folder most likely belongs to; empty: to a new one. It is the one of its own name. Else a
 * computer without any folder most often wants what the first one has; on another one two things would be mixed.
 */
export function likelyVault(folder: string, vaults: readonly SomeVault[]): string {
  const free = vaults.filter(({ pair }) => pair === null);
  const own = folderName(folder).toLowerCase();
  const same = free.find(({ name }) => name.trim().toLowerCase() === own);
  const first = free.length === vaults.length ? free[0] : undefined;
  return (same ?? first)?.vault ?? '';
}
