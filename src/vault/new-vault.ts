import type { Random, VaultId } from '../common/ids.ts';
import type { SignedAccountEvent } from '../crypto/account-event.ts';
import type { AccountKeys } from './account-keys.ts';
import type { Author } from './author.ts';
import type { SealedEntry } from './seal-entry.ts';

/** A vault that nobody has seen yet: genesis entry, grants of epoch 1, and the event that pins it in the account chain. */
export interface NewVault {
  readonly vault: VaultId;
  readonly genesis: SealedEntry;
  readonly grants: Uint8Array;
  readonly event: SignedAccountEvent;
}

/** Name: by the rules of node names, else `usage`. If the account chain moved meanwhile, make another one. */
export function newVault(
  _keys: AccountKeys,
  _author: Author,
  _name: string,
  _nowUs: number,
  _random: Random,
): NewVault {
  throw new Error('not yet');
}
