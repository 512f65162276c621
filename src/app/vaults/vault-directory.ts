import { HoldfastError, isKind } from '../../common/errors.ts';
import type { VaultId } from '../../common/ids.ts';
import { nameFault, nameKey } from '../../common/name.ts';
import { emptyKeyRing } from '../../vault/key-ring.ts';
import { newVault } from '../../vault/new-vault.ts';
import { startOf } from '../../vault/position.ts';
import { openEntry } from '../../vault/replay.ts';
import { busy } from '../account/account-chain-client.ts';
import { knownVaultName } from '../account/account-file.ts';
import type { AccountSession } from '../account/account-session.ts';
import { nowUs, type Ports } from '../ports.ts';

export interface NamedVault {
  readonly vault: VaultId;
  readonly name: string;
  readonly isNew: boolean;
}

const maxAttempts = 10;

/** As many letters of an id as lists show. */
const shortId = 8;

/**
 * The vault of this name or id, made if the account has none. Of several with one name (two devices may have made them at
 * once) it is the first in the account's history, on every device alike: the others go by their ids, or a beginning of one.
 */
export async function openOrMakeVault(ports: Ports, session: AccountSession, wanted: string): Promise<NamedVault> {
  // What nobody sees tells no two vaults apart.
  const name = wanted.trim();
  if (nameFault(name) !== null) {
    throw new HoldfastError('usage', 'A vault cannot have this name.', {
      reason: 'vault-name',
      hint: 'Choose a name that a file could have, with --vault.',
    });
  }
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    await session.refresh();
    const found = await findVault(session, name);
    if (found !== null) return found;
    const made = await makeVault(ports, session, name);
    if (made !== null) return made;
  }
  throw busy();
}

export interface ListedVault {
  readonly vault: VaultId;
  readonly name: string;
  /** That the server holds of it; null while it cannot be asked. */
  readonly bytes: number | null;
}

/**
 * All vaults of the account, in the order of its history. Those whose name cannot be read now are left out; throws `offline`
 * if that are all, because the server does not answer.
 */
export async function listVaults(session: AccountSession, signal?: AbortSignal): Promise<ListedVault[]> {
  let silence: unknown = null;
  const held = await heldVaults(session, signal).catch((error: unknown) => {
    if (!isKind(error, 'offline')) throw error;
    silence = error;
    return null;
  });
  const found: ListedVault[] = [];
  for (const vault of held?.keys() ?? session.known().chain.vaults.keys()) {
    const name =
      knownVaultName(session.stored(), vault) ??
      (await readVaultName(session, vault, signal).catch((error: unknown) => {
        if (isKind(error, 'offline')) silence = error;
        else if (!isKind(error, 'missing')) throw error;
        return null;
      }));
    if (name !== null) found.push({ vault, name, bytes: held?.get(vault) ?? null });
  }
  if (found.length === 0 && silence !== null && session.known().chain.vaults.size > 0) throw silence;
  return found;
}

/**
 * Vaults of the account's history that the server has, in that order, with their bytes. The history keeps those that were
 * deleted, and nothing signed says that they were: they are those that the server does not have.
 */
async function heldVaults(
  { storage, known }: AccountSession,
  signal?: AbortSignal,
): Promise<ReadonlyMap<VaultId, number>> {
  const bytes = new Map((await storage.listVaults(optionsOf(signal))).map((summary) => [summary.vault, summary.bytes]));
  const held = [...known().chain.vaults.keys()].filter((vault) => bytes.has(vault));
  return new Map(held.map((vault) => [vault, bytes.get(vault) ?? 0]));
}

async function findVault(session: AccountSession, wanted: string): Promise<NamedVault | null> {
  const held = [...(await heldVaults(session)).keys()];
  const nameOf = async (vault: VaultId): Promise<string> =>
    knownVaultName(session.stored(), vault) ?? (await readVaultName(session, vault));
  const found = async (vault: VaultId): Promise<NamedVault> => ({ vault, name: await nameOf(vault), isNew: false });
  const exact = held.find((vault) => vault === wanted);
  if (exact !== undefined) return found(exact);
  for (const vault of held) if (nameKey((await nameOf(vault)).trim()) === nameKey(wanted)) return found(vault);
  const [only, other] = wanted.length < shortId ? [] : held.filter((vault) => vault.startsWith(wanted));
  return only === undefined || other !== undefined ? null : found(only);
}

const optionsOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/** From the vault's first entry, verified as replay does; remembered. */
export async function readVaultName(session: AccountSession, vault: VaultId, signal?: AbortSignal): Promise<string> {
  const { storage, keys } = session;
  const { entries } = await storage.getLog(vault, 0, { ...optionsOf(signal), maxCount: 1 });
  const [first] = entries;
  if (first === undefined) {
    throw new HoldfastError('missing', 'The server does not give a vault of this account at the moment.', {
      reason: 'vault-unavailable',
    });
  }
  const grants = await storage.getGrants(vault, 1, optionsOf(signal));
  const opened = openEntry(startOf(vault), emptyKeyRing(keys, vault), session.known().chain, first, grants);
  session.rememberVaultName(vault, opened.position.name);
  return opened.position.name;
}

/** Null if the account chain moved meanwhile: someone may have made that very vault. */
async function makeVault({ clock, random }: Ports, session: AccountSession, name: string): Promise<NamedVault | null> {
  // As it is now: this very event may be heard of before the answer comes.
  const { events } = session.known();
  const made = newVault(session.keys, session.author(), name, nowUs(clock), random);
  const { header, signature, ciphertext } = made.genesis.raw;
  const entry = { header, signature, ciphertext, retained: [], released: [] };
  const outcome = await session.storage.createVault(entry, made.grants, made.event);
  if (outcome.status !== 'done') return null;
  session.adopt({ chain: made.chain, events: [...events, made.event] });
  session.rememberVaultName(made.vault, name);
  return { vault: made.vault, name, isNew: true };
}
