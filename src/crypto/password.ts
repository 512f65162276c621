import { HoldfastError } from '../common/errors.ts';
import { argon2Engine } from './argon2.ts';
import { wipe } from './constant-time.ts';
import { checkKdf, type KdfParams } from './kdf.ts';

const maxPasswordBytes = 1024;

/**
 * 64 bytes from a password (FORMAT.md 7.1): NFKC, UTF-8, Argon2id. Throws E_DOWNGRADE or E_LIMIT for parameters that are not
 * acceptable, before the password is touched; `usage` for an empty or overlong one.
 */
export async function stretchPassword(password: string, kdf: KdfParams): Promise<Uint8Array> {
  checkKdf(kdf);
  const bytes = new TextEncoder().encode(password.normalize('NFKC'));
  if (bytes.length < 1 || bytes.length > maxPasswordBytes) {
    throw new HoldfastError('usage', `A password has 1 to ${maxPasswordBytes} bytes.`);
  }
  const engine = await argon2Engine();
  try {
    return await engine.run(bytes, kdf);
  } finally {
    wipe(bytes);
  }
}
