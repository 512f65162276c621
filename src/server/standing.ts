import { isEqual } from '../common/bytes.ts';
import type { DeviceId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';

/** What a device is to an account; null: it has not been added. */
export type Standing = { readonly device: DeviceId; readonly isLive: boolean } | null;

export function standingOf(chain: AccountChain, devicePublic: Uint8Array): Standing {
  for (const [device, { signingKey, revokedAt }] of chain.devices) {
    if (isEqual(signingKey, devicePublic)) return { device, isLive: revokedAt === null };
  }
  return null;
}
