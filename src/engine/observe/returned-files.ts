import type { LocalRow } from '../../db/index-port.ts';
import type { FolderDiff } from './folder-diff.ts';
import { isBackupName, mayBeBackupName } from './save-names.ts';

/**
 * Pure. A file that was seen under the name of its backup, between two steps of a save, is the node of the file that came
 * to its own name after that; the backup, if it stays, is a file that appeared. `isFormer`: the row's node was agreed on
 * under that name in this folder.
 */
export function returnedFiles(diff: FolderDiff, isFormer: (row: LocalRow, name: string) => boolean): FolderDiff {
  const mayReturn = (row: LocalRow): boolean => row.kind === 'file' && mayBeBackupName(row.name);
  const backups = diff.same.filter(({ row }) => mayReturn(row));
  const gone = diff.vanished.filter(mayReturn);
  if (backups.length + gone.length === 0) return diff;
  const same = new Set(diff.same);
  const vanished = new Set(diff.vanished);
  const appeared = new Set(diff.appeared);
  for (const entry of diff.appeared) {
    if (entry.kind !== 'file') continue;
    const isOf = (row: LocalRow): boolean => isBackupName(row.name, entry.name) && isFormer(row, entry.name);
    const backup = backups.find((pairing) => same.has(pairing) && isOf(pairing.row));
    const row = backup?.row ?? gone.find((each) => vanished.has(each) && isOf(each));
    if (row === undefined) continue;
    appeared.delete(entry);
    vanished.delete(row);
    if (backup !== undefined) {
      same.delete(backup);
      appeared.add(backup.entry);
    }
    same.add({ row, entry });
  }
  return { same: [...same], replaced: diff.replaced, appeared: [...appeared], vanished: [...vanished] };
}
