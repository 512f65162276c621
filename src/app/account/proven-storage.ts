import { HoldfastError, isKind } from '../../common/errors.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import type { Device } from '../device.ts';
import type { PasswordSession } from './password-session.ts';
import { proveLogin } from './prove-login.ts';

/**
 * Deletes something for good, by a session that the password opened just now: this device's key alone is not enough. `old` is
 * said of a server that cannot do it, `lost` where nobody knows whether it was done.
 */
export async function deleteProven(
  { ports }: Device,
  { session, proof }: PasswordSession,
  run: (storage: StorageApi) => Promise<void>,
  { old, lost }: { readonly old: string; readonly lost: (cause?: unknown) => HoldfastError },
): Promise<void> {
  const { account, server } = session.stored();
  const { token } = await proveLogin(session.storage, { account, device: session.device, proof }, ports.random);
  const storage = await ports.connect(server, { token: () => token, renew: () => Promise.reject(lost()) });
  try {
    await run(storage);
  } catch (error) {
    if (isKind(error, 'offline')) throw lost(error);
    if (isKind(error, 'missing') && error.reason === 'route') throw tooOld(old, error);
    throw error;
  } finally {
    await storage.close();
  }
}

const tooOld = (message: string, cause: unknown): HoldfastError =>
  new HoldfastError('version', message, {
    reason: 'server-version',
    hint: 'Ask whoever runs it to update it.',
    cause,
  });
