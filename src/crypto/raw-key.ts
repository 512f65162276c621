import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { concat, fromHex, toHex } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { notAuthentic } from './failure.ts';

type Curve = 'ed25519' | 'x25519';

// The fixed DER heads of RFC 8410, before the 32 raw bytes.
const der = (hex: string): Uint8Array => must(fromHex(hex));
const privateHead = {
  ed25519: der('302e020100300506032b657004220420'),
  x25519: der('302e020100300506032b656e04220420'),
};
const publicHead = { ed25519: der('302a300506032b6570032100'), x25519: der('302a300506032b656e032100') };

// Importing a key costs about as much as a signature; a log is signed by a handful of devices.
const cacheLimit = 256;
const cache = new Map<string, KeyObject>();

/** Node's form of a raw public key. Throws E_AUTH if it is none. */
export function importPublicKey(curve: Curve, raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw notAuthentic();
  const name = `${curve}:${toHex(raw)}`;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const key = importDer(() =>
    createPublicKey({ key: Buffer.from(concat(publicHead[curve], raw)), format: 'der', type: 'spki' }),
  );
  const oldest = cache.size >= cacheLimit ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(name, key);
  return key;
}

/** Node's form of a raw private key (an Ed25519 seed or an X25519 scalar). Throws E_AUTH if it is none. */
export function importPrivateKey(curve: Curve, raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw notAuthentic();
  const bytes = Buffer.from(concat(privateHead[curve], raw));
  try {
    return importDer(() => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }));
  } finally {
    bytes.fill(0);
  }
}

/** The raw public half of a private key. */
export function publicOf(key: KeyObject): Uint8Array {
  const exported = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return new Uint8Array(exported.subarray(exported.length - 32));
}

function importDer(make: () => KeyObject): KeyObject {
  try {
    return make();
  } catch {
    throw notAuthentic();
  }
}
