import type { AccountId, Random } from '../common/ids.ts';
import type { KdfParams } from '../crypto/kdf.ts';
import type { LoginMethod } from '../crypto/login.ts';
import type { SigningKey } from '../crypto/sign.ts';

/** With what a person or device proves who they are. `key`: login key of the password or recovery words, or the device's own. */
export type LoginProof =
  | { readonly method: 'password'; readonly key: SigningKey; readonly email: string; readonly kdf: KdfParams }
  | { readonly method: 'recovery'; readonly key: SigningKey }
  | { readonly method: 'device'; readonly key: SigningKey };

/** What the server gets (FORMAT.md 7.4). */
export interface LoginAnswer {
  readonly method: LoginMethod;
  readonly account: AccountId;
  readonly origin: string;
  readonly serverNonce: Uint8Array;
  readonly clientNonce: Uint8Array;
  readonly devicePublic: Uint8Array;
  readonly signature: Uint8Array;
}

/** `origin`: as dialled, never as the server says. `devicePublic`: of the device that logs in. */
export function answerLogin(
  _proof: LoginProof,
  _account: AccountId,
  _origin: string,
  _serverNonce: Uint8Array,
  _devicePublic: Uint8Array,
  _random: Random,
): LoginAnswer {
  throw new Error('not yet');
}
