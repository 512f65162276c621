import { diskError } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { DiskReader, WholeFile } from './file-system.ts';

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
