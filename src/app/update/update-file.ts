import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isEqual } from '../../common/bytes.ts';
import { securityError } from '../../common/errors.ts';
import type { UpdateStatement } from '../../crypto/update-statement.ts';

const pieceSize = 1024 * 1024;

/** Size and SHA-256 of a file, piece by piece, of at most `limit` bytes. Throws a security error beyond it. */
export async function measureUpdateFile(
  path: string,
  limit: number,
): Promise<Pick<UpdateStatement, 'size' | 'sha256'>> {
  await using file = await open(path, 'r');
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceSize);
  let size = 0;
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, pieceSize);
    if (bytesRead === 0) return { size, sha256: new Uint8Array(hash.digest()) };
    size += bytesRead;
    if (size > limit) throw securityError('E_LIMIT', 'The file is larger than it may be.');
    hash.update(piece.subarray(0, bytesRead));
  }
}

/** Throws a security error if the file is not the one that the statement speaks of, byte by byte (F-UPDATE-3). */
export async function checkUpdateFile(path: string, statement: UpdateStatement): Promise<void> {
  const { size, sha256 } = await measureUpdateFile(path, statement.size);
  if (size !== statement.size || !isEqual(sha256, statement.sha256)) {
    throw securityError('E_AUTH', 'The file of the update is not the one that was signed.');
  }
}
