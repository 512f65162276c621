import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../common/bytes.ts';
import { wipe } from './constant-time.ts';
import { notAuthentic } from './failure.ts';
import { hkdfExpand } from './hkdf.ts';
import { type AgreementKey, agree, agreementKey } from './x25519.ts';

/**
 * HPKE (RFC 9180), base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305. The same names as in
 * the RFC, so that the two can be read side by side.
 */
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const kemSuite = concat(ascii('KEM'), Uint8Array.of(0x00, 0x20));
const hpkeSuite = concat(ascii('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03));
const empty = new Uint8Array();
const modeBase = Uint8Array.of(0);

/** Length of `enc`, the sender's ephemeral public key. */
const hpkeEncLength = 32;

const labeledExtract = (suiteId: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
  extract(sha256, concat(ascii('HPKE-v1'), suiteId, ascii(label), ikm), salt);

const labeledExpand = (
  suiteId: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array =>
  hkdfExpand(
    prk,
    concat(Uint8Array.of(length >> 8, length & 255), ascii('HPKE-v1'), suiteId, ascii(label), info),
    length,
  );

function kemSecret(dh: Uint8Array, enc: Uint8Array, recipient: Uint8Array): Uint8Array {
  const eaePrk = labeledExtract(kemSuite, empty, 'eae_prk', dh);
  return labeledExpand(kemSuite, eaePrk, 'shared_secret', concat(enc, recipient), 32);
}

function schedule(
  sharedSecret: Uint8Array,
  info: Uint8Array,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const pskIdHash = labeledExtract(hpkeSuite, empty, 'psk_id_hash', empty);
  const infoHash = labeledExtract(hpkeSuite, empty, 'info_hash', info);
  const context = concat(modeBase, pskIdHash, infoHash);
  const secret = labeledExtract(hpkeSuite, sharedSecret, 'secret', empty);
  return {
    key: labeledExpand(hpkeSuite, secret, 'key', context, 32),
    nonce: labeledExpand(hpkeSuite, secret, 'base_nonce', context, 12),
  };
}

/** `enc ‖ ciphertext ‖ tag`. `ephemeral`: 32 fresh random bytes, used once. */
export function hpkeSeal(
  recipient: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
  ephemeral: Uint8Array,
): Uint8Array {
  const sender = agreementKey(ephemeral);
  const dh = agree(sender, recipient);
  const { key, nonce } = schedule(kemSecret(dh, sender.publicKey, recipient), info);
  const sealed = concat(sender.publicKey, chacha20poly1305(key, nonce, aad).encrypt(plain));
  wipe(dh, key);
  return sealed;
}

/** Throws E_AUTH. */
export function hpkeOpen(recipient: AgreementKey, info: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < hpkeEncLength + 16) throw notAuthentic();
  const enc = sealed.subarray(0, hpkeEncLength);
  const dh = agree(recipient, enc);
  const { key, nonce } = schedule(kemSecret(dh, enc, recipient.publicKey), info);
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(sealed.subarray(hpkeEncLength));
  } catch {
    throw notAuthentic();
  } finally {
    wipe(dh, key);
  }
}
