import type { NodeId, ObjectId, RevisionId } from '../common/ids.ts';

/** Where a piece of plaintext lives on the server and how to open it. Holds the chunk's secret: never logged, never sent open. */
export interface ChunkRef {
  readonly objectId: ObjectId;
  /** 32 random bytes from which key and nonce derive; used for one sealing only. */
  readonly secret: Uint8Array;
  /** SHA-256 of the sealed bytes, pinned: checked before the chunk is opened. */
  readonly hash: Uint8Array;
  /** Bytes of plaintext, 1 to 4 MiB. */
  readonly plainLength: number;
}

/**
 * The ordered chunks of a revision: listed here when they are few, else in manifest pages, each a sealed object whose
 * plaintext lists chunks (FORMAT.md, Manifest).
 */
export type Content =
  | { readonly kind: 'chunks'; readonly chunks: readonly ChunkRef[] }
  | { readonly kind: 'pages'; readonly pages: readonly ChunkRef[]; readonly chunkCount: number };

/** One immutable version of a file's content. */
export interface Manifest {
  readonly node: NodeId;
  readonly revision: RevisionId;
  /** Bytes of the file; equals the sum of the chunks' plain lengths. */
  readonly size: number;
  /** Microseconds since 1970 UTC; may be negative. */
  readonly mtimeUs: number;
  readonly exec: boolean;
  readonly content: Content;
}
