import type { ChunkRef } from '../../model/manifest.ts';
import type { OpenedMany, OpenMany } from './open-many.ts';
import type { PackedRows } from './packed-rows.ts';
import type { SealedMany, SealMany } from './seal-many.ts';

/** What a thread is asked for. Its buffers go over to it. */
export type ChunkTask =
  | { readonly id: number; readonly type: 'seal'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'open'; readonly bytes: Uint8Array; readonly ref: ChunkRef }
  | { readonly id: number; readonly type: 'compare'; readonly bytes: Uint8Array; readonly ref: ChunkRef }
  | { readonly id: number; readonly type: 'open-many'; readonly many: OpenMany }
  | { readonly id: number; readonly type: 'seal-many'; readonly many: SealMany }
  | { readonly id: number; readonly type: 'seal-rows'; readonly rows: PackedRows }
  | ({ readonly id: number; readonly type: 'open-rows' } & PackedRows);

/** What comes back: the result, or the buffer alone if it failed. */
export type ChunkDone =
  | { readonly id: number; readonly type: 'sealed'; readonly bytes: Uint8Array; readonly ref: ChunkRef }
  | { readonly id: number; readonly type: 'opened'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'same'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'other' }
  | { readonly id: number; readonly type: 'opened-many'; readonly many: OpenedMany }
  | { readonly id: number; readonly type: 'sealed-many'; readonly many: SealedMany }
  | { readonly id: number; readonly type: 'sealed-rows'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'opened-rows'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'failed'; readonly bytes: Uint8Array };

/** The memory of bytes that have it for themselves. */
export const memoryOf = (bytes: Uint8Array): ArrayBuffer[] =>
  bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
