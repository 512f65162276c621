import type { ObjectId, Random, RevisionId } from '../common/ids.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';
import type { KeyRing } from './key-ring.ts';

/** Seals and opens what the local index keeps of contents. Make one per key ring that has epoch 1. */
export interface IndexSeal {
  sealManifest(manifest: Manifest): Uint8Array;
  /** Throws `corrupt`. */
  openManifest(revision: RevisionId, sealed: Uint8Array): Manifest;
  sealRef(ref: ChunkRef): Uint8Array;
  /** Throws `corrupt`. */
  openRef(object: ObjectId, sealed: Uint8Array): ChunkRef;
}

export function indexSeal(_ring: KeyRing, _random: Random): IndexSeal {
  throw new Error('not yet');
}
