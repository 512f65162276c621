import { concat } from '../common/bytes.ts';
import { type AnyId, idBytes, type ObjectId, type Random } from '../common/ids.ts';
import { decodeCbor, encodeCbor } from '../crypto/cbor.ts';
import { openIndexBox, sealIndexBox } from '../crypto/index-box.ts';
import type { ChunkRef } from '../model/manifest.ts';
import { parseRef, refFields } from './chunk-ref-codec.ts';

const roles = { manifest: Uint8Array.of(1), ref: Uint8Array.of(2) };

/** Bytes of a row's name. */
export const rowNameLength = 17;

/** What a box of the index is bound to. */
export const rowName = (role: keyof typeof roles, id: AnyId): Uint8Array => concat(roles[role], idBytes(id));

/** A chunk's ref as the index keeps it. `key`: the vault's key for its index. */
export const sealRefBox = (key: Uint8Array, ref: ChunkRef, random: Random): Uint8Array =>
  sealIndexBox(key, rowName('ref', ref.objectId), encodeCbor(refFields(ref)), random);

/** Throws E_AUTH. */
export const openRefBox = (key: Uint8Array, object: ObjectId, sealed: Uint8Array): ChunkRef =>
  parseRef(decodeCbor(openIndexBox(key, rowName('ref', object), sealed)));
