import { HoldfastError, isKind } from '../../common/errors.ts';
import type { AccountId, Random } from '../../common/ids.ts';
import type { Session, StorageApi } from '../../remote/storage-api.ts';
import type { DeviceKeys } from '../../vault/account-keys.ts';
import { answerLogin, type LoginProof } from '../../vault/login-proof.ts';

/** Says `message` where it was no proof. */
export const wrong =
  (message: string) =>
  (error: unknown): never => {
    if (!isKind(error, 'refused') || error.reason !== 'login') throw error;
    throw new HoldfastError('refused', message, { reason: 'login' });
  };

/** A new session of `device` with the server, which asks for proof. Throws `refused` (reason `login`) if it is none. */
export async function proveLogin(
  api: Pick<StorageApi, 'challenge' | 'login' | 'origin'>,
  { account, device, proof }: { readonly account: AccountId; readonly device: DeviceKeys; readonly proof: LoginProof },
  random: Random,
): Promise<Session> {
  const serverNonce = await api.challenge();
  const place = { account, origin: api.origin, serverNonce, devicePublic: device.signing.publicKey };
  return api.login(answerLogin(proof, place, random));
}
