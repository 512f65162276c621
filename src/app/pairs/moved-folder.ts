import { HoldfastError } from '../../common/errors.ts';
import { openNodeFileSystem } from '../../local/node-file-system.ts';
import type { PairRecord } from '../home/config.ts';
import { bindRoot, markerOf } from './bind-root.ts';
import { fitRoot, type Surroundings } from './pair-folder.ts';

/**
 * The real path of where the pair's folder is now. Refused is what bears no mark of the pair, and a copy while the original is
 * still there: of two folders nobody could say which one the person goes on with.
 */
export async function movedFolder(record: PairRecord, folder: string, around: Surroundings): Promise<string> {
  const { path } = fitRoot(folder, around);
  if (!(await isMarked(record, path))) {
    throw new HoldfastError('refused', `${path} is not the folder that was synced: it does not bear its mark.`, {
      reason: 'not-its-folder',
      hint: 'The mark is in the hidden folder .holdfast, which has to be moved along. Without it, remove the pair and add the folder again.',
    });
  }
  if (path === record.folder) return path;
  const former = await openNodeFileSystem(record.folder).checkRoot(null);
  if (former === 'unreadable' || (former === 'ok' && (await isMarked(record, record.folder)))) {
    throw new HoldfastError('refused', `${record.folder} is still there, and ${path} is a copy of it.`, {
      reason: 'still-there',
      hint: 'Remove or disconnect the one that is to be synced no more.',
    });
  }
  return path;
}

async function isMarked({ pair, vault }: PairRecord, folder: string): Promise<boolean> {
  const marker = await markerOf(await bindRoot(folder));
  return marker?.pairId === pair && marker.vaultId === vault;
}
