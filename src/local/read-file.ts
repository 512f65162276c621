import { diskError } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { DiskReader, OpenFile, WholeFile } from './file-system.ts';

/**
 * The content in pieces of `pieceLength` bytes (the last one shorter, none of length 0), with one buffer: a piece is
 * good until the next one is asked for. Ends with `changed` if the file is not as it was opened; trust nothing of it then.
 */
export async function* readPieces(file: OpenFile, pieceLength: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.max(1, Math.min(pieceLength, file.stat.size)));
  for (let position = 0; position < file.stat.size; ) {
    const length = await file.read(buffer, position);
    if (length === 0) break;
    position += length;
    yield length === buffer.length ? buffer : buffer.subarray(0, length);
  }
  if (!(await file.isUnchanged())) throw diskError('changed');
}

/** A small file at once. Kind `limit` if it has more than `maxLength` bytes; `changed` if it changed meanwhile. */
export async function readWholeFile(reader: DiskReader, path: RelativePath, maxLength: number): Promise<WholeFile> {
  const file = await reader.openFile(path);
  try {
    const { stat } = file;
    if (stat.size > maxLength) throw new HoldfastError('limit', `the file is larger than ${maxLength} bytes`);
    const bytes = new Uint8Array(stat.size);
    const length = await file.read(bytes, 0);
    if (length !== stat.size || !(await file.isUnchanged())) throw diskError('changed');
    return { stat, bytes };
  } finally {
    await file.close();
  }
}
