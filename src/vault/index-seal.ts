import { concat } from '../common/bytes.ts';
import { HoldfastError, isKind } from '../common/errors.ts';
import { type AnyId, idBytes, type ObjectId, type Random, type RevisionId } from '../common/ids.ts';
import { decodeCbor, encodeCbor } from '../crypto/cbor.ts';
import { openIndexBox, sealIndexBox } from '../crypto/index-box.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';
import { parseRef, refFields } from './chunk-ref-codec.ts';
import { indexKey, type KeyRing } from './key-ring.ts';
import { decodeManifest, encodeManifest } from './manifest-codec.ts';

/** Seals and opens what the local index keeps of contents. Bound to revision and object id: rows cannot change places. */
export interface IndexSeal {
  sealManifest(manifest: Manifest): Uint8Array;
  /** Throws `corrupt`. */
  openManifest(revision: RevisionId, sealed: Uint8Array): Manifest;
  sealRef(ref: ChunkRef): Uint8Array;
  /** Throws `corrupt`. */
  openRef(object: ObjectId, sealed: Uint8Array): ChunkRef;
}

const roles = { manifest: Uint8Array.of(1), ref: Uint8Array.of(2) };

const rowName = (role: keyof typeof roles, id: AnyId): Uint8Array => concat(roles[role], idBytes(id));

/** The ring needs epoch 1. Make one and keep it: deriving the key costs more than sealing a row. */
export function indexSeal(ring: KeyRing, random: Random): IndexSeal {
  const key = indexKey(ring);
  return {
    sealManifest: (manifest) =>
      sealIndexBox(key, rowName('manifest', manifest.revision), encodeManifest(manifest), random),
    openManifest: (revision, sealed) =>
      opened(() => decodeManifest(openIndexBox(key, rowName('manifest', revision), sealed))),
    sealRef: (ref) => sealIndexBox(key, rowName('ref', ref.objectId), encodeCbor(refFields(ref)), random),
    openRef: (object, sealed) => opened(() => parseRef(decodeCbor(openIndexBox(key, rowName('ref', object), sealed)))),
  };
}

/** The index is this device's own: what does not open there is damage, not an attack by the server. */
function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!isKind(cause, 'security')) throw cause;
    throw new HoldfastError('corrupt', 'A row of the local index is damaged.', { cause });
  }
}
