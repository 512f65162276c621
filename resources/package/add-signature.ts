import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { measureUpdateFile } from '../../src/app/update/update-file.ts';
import { statementName } from '../../src/app/update/update-place.ts';
import { isEqual } from '../../src/common/bytes.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import {
  encodeSignedUpdate,
  encodeUpdateStatement,
  isUpdateSigned,
  maxUpdateSize,
  parseSignedUpdate,
  parseUpdateStatement,
  type SignedUpdate,
  signUpdate,
  type UpdatePlatform,
} from '../../src/crypto/update-statement.ts';

interface ToSign {
  /** The file that is installed: on macOS the .zip, on Windows the .exe. */
  readonly file: string;
  readonly version: string;
  readonly platform: UpdatePlatform;
}

/**
 * Makes the statement beside the file, or adds a signature to the one that is there, if that says the same of the same file: whoever
 * signs second has looked at what they sign. Returns where it is, and what it holds now.
 */
export async function addSignature(
  { file, version, platform }: ToSign,
  key: SigningKey,
): Promise<{ readonly path: string; readonly signed: SignedUpdate }> {
  const measured = await measureUpdateFile(file, maxUpdateSize);
  const body = encodeUpdateStatement({ version, platform, ...measured });
  // What no reader would take is not signed.
  parseUpdateStatement(body);
  const path = join(dirname(file), statementName(platform));
  const present = await signaturesAt(path, body);
  const others = present.filter(({ publicKey }) => !isEqual(publicKey, key.publicKey));
  const signed = { body, signatures: [...others, signUpdate(body, key)] };
  await writeFile(`${path}.new`, encodeSignedUpdate(signed));
  await rename(`${path}.new`, path);
  return { path, signed };
}

async function signaturesAt(path: string, body: Uint8Array): Promise<SignedUpdate['signatures']> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return [];
  const { body: present, signatures } = parseSignedUpdate(bytes);
  if (!isEqual(present, body)) {
    throw new Error(`${path} speaks of another file, version or platform; remove it to begin a new statement`);
  }
  return signatures.filter((each) => isUpdateSigned(body, each));
}
