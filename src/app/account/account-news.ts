import type { HomeStatus } from '../../rpc/home-report.ts';
import type { PairRecord } from '../home/config.ts';
import { knownVaultName } from './account-file.ts';
import type { AccountSession } from './account-session.ts';

export type AccountNews = Pick<NonNullable<HomeStatus['account']>, 'newDevice' | 'newVault'>;

export const noNews: AccountNews = { newDevice: null, newVault: null };

/** What other devices have added to the account lately, as far as it is still there, can be named and is not synced here. */
export function accountNewsOf(
  { deviceNameOf, known, news, stored }: AccountSession,
  pairs: readonly Pick<PairRecord, 'vault'>[],
): AccountNews {
  const { device, vault } = news();
  const isInUse = device !== null && known().chain.devices.get(device)?.revokedAt === null;
  const vaultName =
    vault === null || pairs.some((pair) => pair.vault === vault) ? null : knownVaultName(stored(), vault);
  return {
    newDevice: isInUse ? { device, deviceName: deviceNameOf(device) } : null,
    newVault: vault === null || vaultName === null ? null : { vault, vaultName },
  };
}
