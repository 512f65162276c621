import { type AccountId, idBytes } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { suite } from './labels.ts';
import { isSigned, type SigningKey, signMessage } from './sign.ts';

export type LoginMethod = 'password' | 'recovery' | 'device';

/** What a login signs (FORMAT.md 7.4): good for one server, one nonce, one account and one device. */
export interface LoginChallenge {
  readonly method: LoginMethod;
  /** The URL origin that the client dialled. */
  readonly origin: string;
  /** 32 bytes each. */
  readonly serverNonce: Uint8Array;
  readonly clientNonce: Uint8Array;
  readonly account: AccountId;
  /** Null unless the method is `password`, as is `kdfHash`. */
  readonly email: string | null;
  readonly kdfHash: Uint8Array | null;
  /** Ed25519 public key of the device that logs in. */
  readonly devicePublic: Uint8Array;
}

const encodeLogin = (login: LoginChallenge): Uint8Array =>
  encodeCbor([
    'login',
    suite,
    login.method,
    login.origin,
    login.serverNonce,
    login.clientNonce,
    idBytes(login.account),
    login.email,
    login.kdfHash,
    login.devicePublic,
  ]);

/** `key`: the password login key, the recovery login key, or the device's. */
export const signLogin = (login: LoginChallenge, key: SigningKey): Uint8Array =>
  signMessage(`login-${login.method}`, encodeLogin(login), key);

/** The server builds `login` from what it knows itself (its origin, its nonce) and what the client says. */
export const isLoginSigned = (login: LoginChallenge, signature: Uint8Array, publicKey: Uint8Array): boolean =>
  isSigned(`login-${login.method}`, encodeLogin(login), signature, publicKey);
