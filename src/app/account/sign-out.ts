import { HoldfastError, isKind } from '../../common/errors.ts';
import { revokeDevice } from '../../vault/account-steps.ts';
import { keychainName } from '../keychain/keychain.ts';
import { nowUs, type Ports } from '../ports.ts';
import { accountFile, type StoredAccount } from './account-file.ts';
import type { AccountSession } from './account-session.ts';
import { departedFile } from './departed-file.ts';
import { sessionFile } from './session-file.ts';

/**
 * Takes this device out of the account: on the server by a signed revocation, so that its keys are worth nothing, then
 * here. Other devices change the vault keys when they hear of it. Throws as the session does; then nothing was changed here.
 */
export async function revokeThisDevice(ports: Ports, session: AccountSession): Promise<void> {
  await session.refresh();
  await session.append(
    ({ chain }) => revokeDevice(session.keys, chain, session.device.device, nowUs(ports.clock)),
    ({ event }) => session.storage.appendEvent(event),
  );
  await session.storage.logout().catch((error: unknown) => {
    // The revocation has ended it already.
    if (!(error instanceof HoldfastError)) throw error;
  });
}

/** Forgets the account on this device, and what opens its keys. Files in synced folders stay. */
export async function forgetAccount({ home, keychain }: Ports, stored: StoredAccount): Promise<void> {
  departedFile(home).remember(stored);
  accountFile(home).remove();
  sessionFile(home, stored.device).remove();
  await keychain.remove(keychainName);
}

/** Whether a sign-out may go on without the server: it does not know this device any more, so there is nothing to revoke. */
export const isOutAlready = (error: unknown): boolean =>
  isKind(error, 'refused') && (error.reason === 'device-revoked' || error.reason === 'sign-in');
