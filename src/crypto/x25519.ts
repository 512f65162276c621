import { diffieHellman, type KeyObject } from 'node:crypto';
import { notAuthentic } from './failure.ts';
import { importPrivateKey, importPublicKey, publicOf } from './raw-key.ts';

/** An X25519 key pair, ready to agree on secrets. */
export interface AgreementKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** From 32 private bytes; the public half is recomputed. */
export function agreementKey(privateBytes: Uint8Array): AgreementKey {
  const privateKey = importPrivateKey('x25519', privateBytes);
  return { publicKey: publicOf(privateKey), privateKey };
}

/** RFC 7748. Throws E_AUTH for points of small order, whose secret is all zero. */
export function agree(key: AgreementKey, publicKey: Uint8Array): Uint8Array {
  const theirs = importPublicKey('x25519', publicKey);
  try {
    const secret = new Uint8Array(diffieHellman({ privateKey: key.privateKey, publicKey: theirs }));
    if (secret.some((byte) => byte !== 0)) return secret;
  } catch {
    // OpenSSL and BoringSSL refuse low-order points themselves; same answer as below.
  }
  throw notAuthentic();
}
