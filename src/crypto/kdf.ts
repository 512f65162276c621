import { type Cbor, encodeCbor } from './cbor.ts';
import { downgraded, notAuthentic, overLimit } from './failure.ts';
import { arrayOf, bytesOf, integerOf } from './fields.ts';
import { sha256 } from './sha256.ts';

/** How a password becomes keys: Argon2id (RFC 9106). Part of the signed account record. */
export interface KdfParams {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
}

/** For new passwords: 128 MiB, three passes. */
export const defaultKdf = { memoryKiB: 128 * 1024, passes: 3, lanes: 1 } as const;

const floor = { memoryKiB: 64 * 1024, passes: 3 };
const ceiling = { memoryKiB: 1024 * 1024, passes: 10, lanes: 4 };

/**
 * Refuses parameters that would make guessing cheap (E_DOWNGRADE) or this device stall (E_LIMIT), whoever asks for them
 * (F-PWD-1). To be called before the password is touched.
 */
export function checkKdf(kdf: KdfParams): void {
  const { memoryKiB, passes, lanes, salt } = kdf;
  const whole = [memoryKiB, passes, lanes].every((value) => Number.isSafeInteger(value));
  if (!whole || memoryKiB < floor.memoryKiB || passes < floor.passes || lanes < 1) throw downgraded();
  if (salt.length !== 16 || salt.every((byte) => byte === 0)) throw downgraded();
  if (memoryKiB > ceiling.memoryKiB || passes > ceiling.passes || lanes > ceiling.lanes) throw overLimit();
}

export const kdfFields = (kdf: KdfParams): Cbor => ['argon2id', kdf.memoryKiB, kdf.passes, kdf.lanes, kdf.salt];

/** Shape only; `checkKdf` decides whether to use them. Throws E_AUTH or E_DOWNGRADE. */
export function parseKdf(value: Cbor | undefined): KdfParams {
  const [name, memoryKiB, passes, lanes, salt] = arrayOf(value, 5);
  if (typeof name !== 'string') throw notAuthentic();
  if (name !== 'argon2id') throw downgraded();
  return {
    memoryKiB: integerOf(memoryKiB),
    passes: integerOf(passes),
    lanes: integerOf(lanes),
    salt: bytesOf(salt),
  };
}

/** What a login binds, so that a server cannot give one device other parameters than another. */
export const hashKdf = (kdf: KdfParams): Uint8Array => sha256(encodeCbor(kdfFields(kdf)));
