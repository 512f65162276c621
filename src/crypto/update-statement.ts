import { type Cbor, encodeCbor } from './cbor.ts';
import { notAuthentic, overLimit } from './failure.ts';
import { arrayOf, bytesOf, countOf, decodeStructure, hashOf, textOf } from './fields.ts';
import { suite } from './labels.ts';
import { isSigned, type SigningKey, signatureLength, signMessage } from './sign.ts';

/** What there are updates for: a system and its processor, as Node names them. */
export const updatePlatforms = ['darwin-arm64', 'darwin-x64', 'win32-arm64', 'win32-x64'] as const;
export type UpdatePlatform = (typeof updatePlatforms)[number];

export const isUpdatePlatform = (text: string): text is UpdatePlatform =>
  (updatePlatforms as readonly string[]).includes(text);

/** What those who release say of one file that can be installed (FORMAT.md 15). */
export interface UpdateStatement {
  /** Three numbers, as `isReleaseVersion` has them. */
  readonly version: string;
  readonly platform: UpdatePlatform;
  /** The file's length in bytes, and the hash of all of it. */
  readonly size: number;
  readonly sha256: Uint8Array;
}

export interface UpdateSignature {
  /** Ed25519 public key. Whether it counts is the reader's knowledge. */
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** A statement's exact bytes, with who vouches for them. */
export interface SignedUpdate {
  readonly body: Uint8Array;
  readonly signatures: readonly UpdateSignature[];
}

export const maxSignedUpdateLength = 4096;
const maxUpdateSignatures = 16;
/** A file beyond it is no package of this app. */
export const maxUpdateSize = 2 ** 31;

/** MAJOR.MINOR.PATCH without anything behind: what is tried out by some is no update for all. */
export const isReleaseVersion = (text: string): boolean => /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/.test(text);

export const encodeUpdateStatement = ({ version, platform, size, sha256 }: UpdateStatement): Uint8Array =>
  encodeCbor(['update', suite, version, platform, size, sha256]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about who signed. */
export function parseUpdateStatement(body: Uint8Array): UpdateStatement {
  const fields = decodeStructure(body, 'update', 6, maxSignedUpdateLength);
  const version = textOf(fields[2]);
  const platform = textOf(fields[3]);
  const size = countOf(fields[4], 1);
  if (!isReleaseVersion(version) || !isUpdatePlatform(platform)) throw notAuthentic();
  if (size > maxUpdateSize) throw overLimit();
  return { version, platform, size, sha256: hashOf(fields[5]) };
}

export const encodeSignedUpdate = ({ body, signatures }: SignedUpdate): Uint8Array =>
  encodeCbor([
    'signed-update',
    suite,
    body,
    signatures.map(({ publicKey, signature }): Cbor => [publicKey, signature]),
  ]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about the signatures. */
export function parseSignedUpdate(bytes: Uint8Array): SignedUpdate {
  const fields = decodeStructure(bytes, 'signed-update', 4, maxSignedUpdateLength);
  const signatures = arrayOf(fields[3]);
  if (signatures.length > maxUpdateSignatures) throw overLimit();
  return { body: bytesOf(fields[2]), signatures: signatures.map(signatureFrom) };
}

function signatureFrom(value: Cbor): UpdateSignature {
  const fields = arrayOf(value, 2);
  return { publicKey: bytesOf(fields[0], 32), signature: bytesOf(fields[1], signatureLength) };
}

export const signUpdate = (body: Uint8Array, key: SigningKey): UpdateSignature => ({
  publicKey: key.publicKey,
  signature: signMessage('update', body, key),
});

export const isUpdateSigned = (body: Uint8Array, { publicKey, signature }: UpdateSignature): boolean =>
  isSigned('update', body, signature, publicKey);
