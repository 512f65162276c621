import { HoldfastError } from '../common/errors.ts';
import { isPasswordOf } from '../vault/unlock.ts';
import type { AccountSession } from './account-session.ts';
import { type Device, notSignedIn } from './device.ts';

/** The session, for who knows the account's password: an unlocked computer alone is not enough. Throws `refused` (reason `password`). */
export async function passwordSession(device: Device, password: string): Promise<AccountSession> {
  if (device.account() === null) throw notSignedIn();
  const session = await device.session();
  await session.refresh();
  if (await isPasswordOf(session.stored().record, password)) return session;
  throw new HoldfastError('refused', 'The password is wrong.', { reason: 'password' });
}
