import { HoldfastError } from '../../common/errors.ts';
import type { VaultId } from '../../common/ids.ts';
import { nameKey } from '../../common/name.ts';
import { passwordSession } from '../account/password-session.ts';
import { deleteProven } from '../account/proven-storage.ts';
import type { Device } from '../device.ts';
import { type ListedVault, listVaults } from './vault-directory.ts';

/** `vault` null: the one of that name. */
export interface WantedVault {
  readonly vault: VaultId | null;
  readonly name: string;
}

/**
 * Has the server forget a vault and all that it stores of it, and ends the pair that syncs it here; its folder stays as it
 * is. `name` is asked for besides the password so that nobody deletes another vault than they mean. How far this device has
 * seen the vault stays known: one that comes back with less is not believed.
 */
export async function deleteVault(
  device: Device,
  wanted: WantedVault,
  password: string,
): Promise<Pick<ListedVault, 'vault' | 'name'>> {
  const proven = await passwordSession(device, password);
  const { vault, name } = chosen(await listVaults(proven.session), wanted);
  const pairs = device.config().pairs.filter((record) => record.vault === vault);
  const supervisor = pairs.length === 0 ? null : await device.supervisor();
  for (const { pair } of pairs) supervisor?.host(pair).setPaused(true);
  try {
    const old = 'This server is of an older version, which cannot delete vaults.';
    await deleteProven(device, proven, (storage) => storage.deleteVault(vault), { old, lost });
  } catch (error) {
    for (const { pair, isPaused } of pairs) supervisor?.host(pair).setPaused(isPaused);
    throw error;
  }
  proven.session.forgetVaultName(vault);
  device.setPairs(device.config().pairs.filter((record) => record.vault !== vault));
  for (const { pair } of pairs) await supervisor?.remove(pair);
  return { vault, name };
}

function chosen(vaults: readonly ListedVault[], { vault, name }: WantedVault): ListedVault {
  const meant = vaults.filter((each) => (vault === null ? nameKey(each.name) === nameKey(name) : each.vault === vault));
  const [found, other] = meant;
  if (found === undefined) {
    throw new HoldfastError('missing', 'There is no such vault in the account.', {
      reason: 'no-such-vault',
      hint: '`vaults` lists them.',
    });
  }
  if (nameKey(found.name) !== nameKey(name)) {
    throw new HoldfastError('usage', 'This is not the name of the vault.', { reason: 'vault-name' });
  }
  if (other !== undefined) {
    throw new HoldfastError('usage', 'Several vaults have this name.', {
      reason: 'which-vault',
      hint: 'Say which one with --id; `vaults` lists them.',
    });
  }
  return found;
}

const lost = (cause?: unknown): HoldfastError =>
  new HoldfastError('offline', 'The server did not answer: the vault may be deleted already, or still be there.', {
    reason: 'unknown',
    hint: 'Look at your vaults once it can be reached, and try again if it is there.',
    cause,
  });
