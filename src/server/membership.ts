import type { AccountId, VaultId } from '../common/ids.ts';
import { failure } from './failure.ts';
import type { VaultState, VaultStore } from './metadata-store.ts';

export const noAccount = () => failure('missing', 'account', 'There is no such account.');
export const noVault = () => failure('missing', 'vault', 'There is no such vault in this account.');

/** The vault's state, if it is the account's; others learn no more than if it did not exist. */
export async function memberVault(vaults: VaultStore, account: AccountId, vault: VaultId): Promise<VaultState> {
  const state = await vaults.state(vault);
  if (state === null || state.account !== account) throw noVault();
  return state;
}
