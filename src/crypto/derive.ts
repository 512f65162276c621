import { concat } from '../common/bytes.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import { hkdfSha256 } from './hkdf.ts';
import { type KeyName, labelPrefix } from './labels.ts';

const noSalt = new Uint8Array();

/** A 32-byte key for one purpose and place (FORMAT.md 3.1). */
export const deriveKey = (key: Uint8Array, name: KeyName, context: readonly Cbor[]): Uint8Array =>
  hkdfSha256(key, noSalt, concat(labelPrefix(`key/${name}`), encodeCbor(context)), 32);
