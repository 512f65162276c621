import type { AccountId, Random } from '../common/ids.ts';
import { normalEmail } from '../crypto/account-record.ts';
import { hashKdf, type KdfParams } from '../crypto/kdf.ts';
import { type LoginMethod, signLogin } from '../crypto/login.ts';
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

/** `origin`: as dialled, never as the server says. `devicePublic`: signing key of the device that logs in, the one to be added included. */
export function answerLogin(
  proof: LoginProof,
  place: {
    readonly account: AccountId;
    readonly origin: string;
    readonly serverNonce: Uint8Array;
    readonly devicePublic: Uint8Array;
  },
  random: Random,
): LoginAnswer {
  const clientNonce = random.bytes(32);
  const isPassword = proof.method === 'password';
  const challenge = {
    ...place,
    method: proof.method,
    clientNonce,
    email: isPassword ? normalEmail(proof.email) : null,
    kdfHash: isPassword ? hashKdf(proof.kdf) : null,
  };
  return { method: proof.method, ...place, clientNonce, signature: signLogin(challenge, proof.key) };
}
