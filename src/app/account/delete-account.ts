import { HoldfastError } from '../../common/errors.ts';
import { normalEmail } from '../../crypto/account-record.ts';
import type { Device } from '../device.ts';
import { passwordSession } from './password-session.ts';
import { deleteProven } from './proven-storage.ts';

/**
 * Has the server forget the account that is signed in, and all that it stores of it. `email` is asked for besides the
 * password so that nobody deletes another account than they mean.
 */
export async function deleteAccount(device: Device, email: string, password: string): Promise<void> {
  const proven = await passwordSession(device, password);
  if (normalEmail(email) !== proven.session.stored().email) {
    throw new HoldfastError('usage', 'This is not the e-mail address of the account that is signed in here.', {
      reason: 'email',
    });
  }
  const old = 'This server is of an older version, which cannot delete accounts.';
  await deleteProven(device, proven, (storage) => storage.deleteAccount(), { old, lost });
}

const lost = (cause?: unknown): HoldfastError =>
  new HoldfastError('offline', 'The server did not answer: the account may be deleted already, or still be there.', {
    reason: 'unknown',
    hint: 'Try again. If this device is not let in any more, it is deleted: sign out with `logout --force`.',
    cause,
  });
