import type { Index, LocalRow } from '../../db/index-port.ts';
import type { Entry } from '../../model/stat.ts';

/** Stands for the volume that the folder was on before it went to another disk. No disk has this number. */
export const formerVolume = -1;

/**
 * What was seen before the folder went to another disk, and not there yet. Whatever bears its name is the same thing. That it
 * is missing, or is older than it was, is no change of a person's: the copy may have been made before, or only in part.
 */
export const isFormer = ({ dev }: Pick<LocalRow, 'dev'>): boolean => dev === formerVolume;

/** Whether other content than the former row's was put there by a person since, and is not what the file was once. */
export function isEditSince(read: Pick<Index['read'], 'synced'>, row: LocalRow, entry: Entry): boolean {
  // What was not sent yet is an edit already.
  return entry.mtimeUs > row.mtimeUs || read.synced(row.id)?.revision !== row.revision;
}
