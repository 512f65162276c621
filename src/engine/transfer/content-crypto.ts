import type { ObjectId, RevisionId } from '../../common/ids.ts';
import type { ChunkRef, Manifest } from '../../model/manifest.ts';

/** A chunk or page ready to be stored. */
export interface SealedPiece extends ChunkRef {
  readonly sealed: Uint8Array;
}

/** A chunk ready to be stored, with what the index keeps of it. */
export interface SealedChunk extends SealedPiece {
  /** As of `sealRef`. */
  readonly sealedRef: Uint8Array;
  /** As of `ContentCrypto.localHash`. */
  readonly localHash: Uint8Array;
}

export interface SealedChunks {
  readonly chunks: readonly SealedChunk[];
  /** Gives the memory of all their sealed bytes back. */
  free(): void;
}

/** A chunk as it came, and what it must be. */
export interface FetchedChunk {
  readonly ref: ChunkRef;
  readonly sealed: Uint8Array;
}

/** A chunk that was opened, with what the index keeps of it. */
export interface OpenedChunk {
  readonly plain: Uint8Array;
  /** As of `localHash`. */
  readonly hash: Uint8Array;
  /** As of `sealRef`. */
  readonly sealedRef: Uint8Array;
}

/** A manifest as the index keeps it. */
export interface SealedManifest {
  readonly revision: RevisionId;
  readonly sealed: Uint8Array;
}

/** In the order that they were asked for; null for each that is not what its ref pins. */
export interface OpenedChunks {
  readonly chunks: readonly (OpenedChunk | null)[];
  /** Gives the memory of all their plaintexts back. */
  free(): void;
}

/**
 * Sealing and opening of content, as a port: it may run in other threads. Nothing here does I/O on files or network.
 * What is given to `sealChunk`, `sealChunks`, `ifSealedFrom`, `openChunk` and `openChunks` may go over to another thread: it is
 * nobody's any more.
 */
export interface ContentCrypto {
  /** Much is to be sealed soon: what takes time to begin may begin. */
  getReady(): void;
  /** A chunk of a file, under a fresh secret and object id. */
  sealChunk(plain: Uint8Array): Promise<SealedPiece>;
  /** Many small ones together, in their order. Best as neighbours in memory that they have for themselves. */
  sealChunks(plains: readonly Uint8Array[]): Promise<SealedChunks>;
  /** The plaintext, after the pinned hash and the tag were checked; else a `security` error, E_AUTH. */
  openChunk(ref: ChunkRef, sealed: Uint8Array): Promise<Uint8Array>;
  /** Many small ones together. */
  openChunks(chunks: readonly FetchedChunk[]): Promise<OpenedChunks>;
  /**
   * The plaintext back, if it is exactly what was sealed as `ref`: sealed again and compared with the pinned hash; nothing
   * leaves. Else null, and its memory is given back.
   */
  ifSealedFrom(ref: ChunkRef, plain: Uint8Array): Promise<Uint8Array | null>;
  /** Keyed hash of a piece of plaintext; local only, 32 bytes. */
  localHash(plain: Uint8Array): Uint8Array;
  /** Likewise for a manifest page: sealed as such, so that it can be taken for nothing else. */
  openPage(ref: ChunkRef, sealed: Uint8Array): Promise<Uint8Array>;
  /** For the local index, so that it holds no chunk's secret in the open. */
  sealManifest(manifest: Manifest): Uint8Array;
  /** Many together, in their order. */
  sealManifests(manifests: readonly Manifest[]): Promise<readonly Uint8Array[]>;
  openManifest(revision: RevisionId, sealed: Uint8Array): Manifest;
  /** Many together, in their order; null for each that does not open. */
  openManifests(rows: readonly SealedManifest[]): Promise<readonly (Manifest | null)[]>;
  sealRef(ref: ChunkRef): Uint8Array;
  openRef(objectId: ObjectId, sealed: Uint8Array): ChunkRef;
  /** Bytes of the sealed object for a plaintext of this length. */
  sealedLength(plainLength: number): number;
}
