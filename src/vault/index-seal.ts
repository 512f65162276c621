import { HoldfastError, isKind } from '../common/errors.ts';
import type { ObjectId, Random, RevisionId } from '../common/ids.ts';
import { openIndexBox, rowSealer } from '../crypto/index-box.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';
import { indexKey, type KeyRing } from './key-ring.ts';
import { decodeManifest, encodeManifest } from './manifest-codec.ts';
import { openRefBox, rowName, sealRefBox } from './ref-box.ts';

/** What is sealed, and the name that it is bound to. */
export interface IndexRow {
  readonly name: Uint8Array;
  readonly plain: Uint8Array;
}

export const manifestName = (revision: RevisionId): Uint8Array => rowName('manifest', revision);

export const manifestRow = (manifest: Manifest): IndexRow => ({
  name: manifestName(manifest.revision),
  plain: encodeManifest(manifest),
});

/** Seals and opens what the local index keeps of contents. Bound to revision and object id: rows cannot change places. */
export interface IndexSeal {
  sealRow(row: IndexRow): Uint8Array;
  sealManifest(manifest: Manifest): Uint8Array;
  /** Throws `corrupt`. */
  openManifest(revision: RevisionId, sealed: Uint8Array): Manifest;
  sealRef(ref: ChunkRef): Uint8Array;
  /** Throws `corrupt`. */
  openRef(object: ObjectId, sealed: Uint8Array): ChunkRef;
}

/** The ring needs epoch 1. Make one and keep it: deriving the key costs more than sealing a row. */
export function indexSeal(ring: KeyRing, random: Random): IndexSeal {
  const key = indexKey(ring);
  const sealRow = ({ name, plain }: IndexRow): Uint8Array => rowSealer(key, random)(name, plain);
  return {
    sealRow,
    sealManifest: (manifest) => sealRow(manifestRow(manifest)),
    openManifest: (revision, sealed) => opened(() => decodeManifest(openIndexBox(key, manifestName(revision), sealed))),
    sealRef: (ref) => sealRefBox(rowSealer(key, random), ref),
    openRef: (object, sealed) => opened(() => openRefBox(key, object, sealed)),
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
