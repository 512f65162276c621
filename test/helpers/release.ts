import { createHash } from 'node:crypto';
import type { ReleaseKeys } from '../../src/app/update/release-keys.ts';
import { toHex } from '../../src/common/bytes.ts';
import { type SigningKey, signingKey } from '../../src/crypto/sign.ts';
import {
  encodeSignedUpdate,
  encodeUpdateStatement,
  signUpdate,
  type UpdateStatement,
} from '../../src/crypto/update-statement.ts';

/** Three people who may release, and one who may not. */
export const [ann, bea, cem, mallory] = [1, 2, 3, 9].map((seed) => signingKey(new Uint8Array(32).fill(seed))) as [
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
];

export const release: ReleaseKeys = { keys: [ann, bea, cem].map(({ publicKey }) => toHex(publicKey)), threshold: 2 };

export const statementOf = (content: Uint8Array, change: Partial<UpdateStatement> = {}): UpdateStatement => ({
  version: '1.2.3',
  platform: 'darwin-arm64',
  size: content.length,
  sha256: new Uint8Array(createHash('sha256').update(content).digest()),
  ...change,
});

export function signedBy(statement: UpdateStatement, ...keys: readonly SigningKey[]): Uint8Array {
  const body = encodeUpdateStatement(statement);
  return encodeSignedUpdate({ body, signatures: keys.map((key) => signUpdate(body, key)) });
}
