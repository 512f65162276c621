import { HoldfastError, must } from '../common/errors.ts';
import { newId, type Random, type VaultId } from '../common/ids.ts';
import { nameFault } from '../common/name.ts';
import type { AccountKeys } from './account-keys.ts';
import { addVault, type ChainStep } from './account-steps.ts';
import type { Author } from './author.ts';
import { emptyKeyRing } from './key-ring.ts';
import { startOf } from './position.ts';
import { type SealedEntry, sealEntry } from './seal-entry.ts';

/** A vault that nobody has seen yet: genesis entry, grants of epoch 1, and the event that pins it in the account chain. */
export interface NewVault extends ChainStep {
  readonly vault: VaultId;
  readonly genesis: SealedEntry;
  readonly grants: Uint8Array;
}

/** Name: by the rules of node names, else `usage`. If the account chain moved meanwhile, make another one. */
export function newVault(keys: AccountKeys, author: Author, name: string, nowUs: number, random: Random): NewVault {
  if (nameFault(name) !== null) {
    throw new HoldfastError('usage', 'A vault cannot have this name.', {
      hint: 'Choose a name that a file could have.',
    });
  }
  const vault = newId<VaultId>(random);
  const draft = { operations: [{ type: 'vault', name }], retained: [], released: [] } as const;
  const genesis = sealEntry(startOf(vault), emptyKeyRing(keys, vault), author, draft, nowUs, random);
  const step = addVault(keys, author.chain, vault, genesis.entryHash, nowUs);
  return { vault, genesis, grants: must(genesis.grants), ...step };
}
