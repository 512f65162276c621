import { freeMemory } from '../../common/free-memory.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import type { DiskReader } from '../../local/file-system.ts';
import type { ChunkRef } from '../../model/manifest.ts';
import { isSameIdentity } from '../../model/stat.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';

type Comparison = 'equal' | 'different' | 'changed';

/**
 * Whether a local file is what these chunks hold, without fetching them: each piece is sealed again under the chunk's own
 * secret and compared with the pinned hash. `changed`: the file is not, or did not stay, as the row says. `onEqualPiece`
 * hears of each piece that is the same, and may look at it only then.
 */
export async function compareContent(
  context: { readonly fs: Pick<DiskReader, 'openFile'>; readonly crypto: Pick<ContentCrypto, 'ifSealedFrom'> },
  row: Pick<LocalRow, 'size' | 'mtimeUs' | 'dev' | 'ino' | 'birthUs'> | null,
  path: RelativePath,
  chunks: readonly ChunkRef[],
  onEqualPiece: (chunk: ChunkRef, plain: Uint8Array) => void = () => undefined,
): Promise<Comparison> {
  const size = chunks.reduce((sum, chunk) => sum + chunk.plainLength, 0);
  const file = await context.fs.openFile(path);
  try {
    const { stat } = file;
    if (row !== null && (stat.size !== row.size || stat.mtimeUs !== row.mtimeUs || !isSameIdentity(stat, row)))
      return 'changed';
    if (stat.size !== size) return 'different';
    let position = 0;
    for (const chunk of chunks) {
      const plain = new Uint8Array(chunk.plainLength);
      if ((await file.read(plain, position)) !== plain.length) return 'changed';
      const same = await context.crypto.ifSealedFrom(chunk, plain);
      if (same === null) return (await file.isUnchanged()) ? 'different' : 'changed';
      onEqualPiece(chunk, same);
      freeMemory(same);
      position += chunk.plainLength;
    }
    return (await file.isUnchanged()) ? 'equal' : 'changed';
  } finally {
    await file.close();
  }
}
