import { HoldfastError } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { NodeId, ObjectId } from '../../common/ids.ts';
import type { ChunkRow, IndexReader } from '../../db/index-port.ts';
import type { DiskReader } from '../../local/file-system.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import { localPath } from '../local-path.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';

export interface LocalChunk {
  readonly plain: Uint8Array;
  /** What the index has of it. */
  readonly row: ChunkRow;
}

/** Pieces of a revision that lie on this disk already, in the file that it is about to replace. */
export interface LocalChunks {
  /** Null unless the file has exactly what was sealed: it is sealed again and compared with the pinned hash. */
  read(chunk: ChunkRef): Promise<LocalChunk | null>;
  close(): Promise<void>;
}

/**
 * Looks for `chunks` in the local file of `node`, where its synced revision has them. Null if it has none of them, which is
 * told without a look at the disk. The file may change while it is read, or be another one: nothing of it is believed.
 */
export async function localChunks(
  context: {
    readonly fs: Pick<DiskReader, 'openFile'>;
    readonly crypto: Pick<ContentCrypto, 'ifSealedFrom'>;
    readonly read: IndexReader;
  },
  node: NodeId,
  chunks: readonly ChunkRef[],
): Promise<LocalChunks | null> {
  const { fs, crypto, read } = context;
  const synced = chunks.length > 1 ? read.synced(node) : null;
  if (synced === null || synced.revision === null) return null;
  const places = new Map<ObjectId, { readonly row: ChunkRow; readonly position: number }>();
  let position = 0;
  for (const row of read.chunksOfRevision(synced.revision)) {
    places.set(row.objectId, { row, position });
    position += row.plainLength;
  }
  const path = chunks.some(({ objectId }) => places.has(objectId)) ? localPath(read, node) : null;
  if (path === null) return null;
  try {
    const file = await fs.openFile(path);
    return {
      read: async (chunk) => {
        const place = places.get(chunk.objectId);
        if (place === undefined) return null;
        const bytes = new Uint8Array(chunk.plainLength);
        const isWhole = (await file.read(bytes, place.position).catch(nothing)) === bytes.length;
        if (!isWhole) freeMemory(bytes);
        const plain = isWhole ? await crypto.ifSealedFrom(chunk, bytes) : null;
        return plain === null ? null : { plain, row: place.row };
      },
      close: () => file.close(),
    };
  } catch (error) {
    return nothing(error);
  }
}

/** What the disk refuses is fetched; anything else is a bug. */
function nothing(error: unknown): null {
  if (error instanceof HoldfastError) return null;
  throw error;
}
