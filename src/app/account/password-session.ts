import { HoldfastError } from '../../common/errors.ts';
import type { LoginProof } from '../../vault/login-proof.ts';
import { passwordProof } from '../../vault/unlock.ts';
import { type Device, notSignedIn } from '../device.ts';
import type { AccountSession } from './account-session.ts';

export interface PasswordSession {
  readonly session: AccountSession;
  /** Of the password, to the server. */
  readonly proof: LoginProof;
}

/**
 * The session, for who knows the account's password: an unlocked computer alone is not enough. Throws `refused` (reason
 * `password`).
 */
export async function passwordSession(device: Device, password: string): Promise<PasswordSession> {
  if (device.account() === null) throw notSignedIn();
  const session = await device.session();
  await session.refresh();
  const proof = await passwordProof(session.stored().record, password);
  if (proof === null) throw new HoldfastError('refused', 'The password is wrong.', { reason: 'password' });
  return { session, proof };
}
