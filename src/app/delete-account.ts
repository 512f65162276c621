import { HoldfastError, isKind } from '../common/errors.ts';
import { normalEmail } from '../crypto/account-record.ts';
import { answerLogin, type LoginProof } from '../vault/login-proof.ts';
import type { AccountSession } from './account-session.ts';
import type { Device } from './device.ts';
import { passwordSession } from './password-session.ts';

/**
 * Has the server forget the account that is signed in, and all that it stores of it. `email` is asked for besides the
 * password so that nobody deletes another account than they mean.
 */
export async function deleteAccount(device: Device, email: string, password: string): Promise<void> {
  const { session, proof } = await passwordSession(device, password);
  if (normalEmail(email) !== session.stored().email) {
    throw new HoldfastError('usage', 'This is not the e-mail address of the account that is signed in here.', {
      reason: 'email',
    });
  }
  const token = await passwordToken(device, session, proof);
  const storage = await device.ports.connect(session.stored().server, {
    token: () => token,
    renew: () => Promise.reject(unknown()),
  });
  try {
    await storage.deleteAccount();
  } catch (error) {
    if (isKind(error, 'offline')) throw unknown(error);
    if (isKind(error, 'missing') && error.reason === 'route') throw tooOld(error);
    throw error;
  } finally {
    await storage.close();
  }
}

/** Of a session that this device's key alone cannot open: the server asks for one that the password has opened. */
async function passwordToken({ ports }: Device, session: AccountSession, proof: LoginProof): Promise<string> {
  const { storage } = session;
  const { account } = session.stored();
  const serverNonce = await storage.challenge();
  const place = { account, origin: storage.origin, serverNonce, devicePublic: session.device.signing.publicKey };
  return (await storage.login(answerLogin(proof, place, ports.random))).token;
}

const tooOld = (cause: unknown): HoldfastError =>
  new HoldfastError('version', 'This server is of an older version, which cannot delete accounts.', {
    reason: 'server-version',
    hint: 'Ask whoever runs it to update it.',
    cause,
  });

const unknown = (cause?: unknown): HoldfastError =>
  new HoldfastError('offline', 'The server did not answer: the account may be deleted already, or still be there.', {
    reason: 'unknown',
    hint: 'Try again. If this device is not let in any more, it is deleted: sign out with `logout --force`.',
    cause,
  });
