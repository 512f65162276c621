import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { publicOf } from '../../src/crypto/raw-key.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';

/**
 * A new Ed25519 key in a file that only its owner may read, as PKCS#8 in PEM, which other tools read as well; encrypted if there is a
 * passphrase. Never over a file that is there. Returns the public half.
 */
export async function makeReleaseKey(path: string, passphrase: string | undefined): Promise<Uint8Array> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const wrap = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8', ...wrap });
  await writeFile(path, pem, { mode: 0o600, flag: 'wx' });
  return publicOf(privateKey);
}

/** Rejects if the file holds no Ed25519 key, or none that this passphrase opens. */
export async function readReleaseKey(path: string, passphrase: string | undefined): Promise<SigningKey> {
  const pem = await readFile(path, 'utf8');
  const privateKey = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${path} holds no Ed25519 key`);
  return { publicKey: publicOf(privateKey), privateKey };
}
