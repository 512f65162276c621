import { concat } from '../common/bytes.ts';
import { type AnyId, idBytes, type ObjectId } from '../common/ids.ts';
import { decodeCbor, encodeCbor } from '../crypto/cbor.ts';
import { openIndexBox, type SealRow } from '../crypto/index-box.ts';
import type { ChunkRef } from '../model/manifest.ts';
import { parseRef, refFields } from './chunk-ref-codec.ts';

const roles = { manifest: Uint8Array.of(1), ref: Uint8Array.of(2) };

/** Bytes of a row's name. */
export const rowNameLength = 17;

/** What a box of the index is bound to. */
export const rowName = (role: keyof typeof roles, id: AnyId): Uint8Array => concat(roles[role], idBytes(id));

/** A chunk's ref as the index keeps it, sealed with the vault's key for its index. */
export const sealRefBox = (seal: SealRow, ref: ChunkRef): Uint8Array =>
  seal(rowName('ref', ref.objectId), encodeCbor(refFields(ref)));

/** Throws E_AUTH. */
export const openRefBox = (key: Uint8Array, object: ObjectId, sealed: Uint8Array): ChunkRef =>
  parseRef(decodeCbor(openIndexBox(key, rowName('ref', object), sealed)));
