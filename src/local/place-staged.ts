import { diskError } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Fingerprint } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import { modeWithExec, setMode } from './file-mode.ts';
import type { Placed } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { isSameContent, lookAt, type NodeStat } from './node-stat.ts';
import { stageFolder } from './own-folder.ts';
import { passOwner } from './pass-owner.ts';
import { checkSynced, lookAtStaged, type NewMode, placed, placeNewIn } from './place-new.ts';
import { asInUse, assertMovable, lookForExpected } from './rename-safely.ts';
import type { NodeStagedFile } from './staged-file.ts';
import { keepInTrash } from './trash.ts';

/**
 * See `Stage.placeStaged`. All of it happens without giving way. Replacing: the old content gets a second name in the
 * trash; the target is looked at once more; the rename replaces it in one step. A program that replaces the target by
 * a rename of its own within the microseconds between that look and our rename loses that save: the one window that
 * remains, since Node has no exchange of names.
 */
export function placeStagedFile(
  root: LocalRoot,
  file: NodeStagedFile,
  path: RelativePath,
  expected: Fingerprint | null,
  batch: string,
  newMode: NewMode,
): Placed {
  const { folder, name } = entryOf(path);
  checkSynced(file);
  const { disk, hasStableIds } = root;
  return root.inFolder(stageFolder, (stage) =>
    root.inFolder(folder, (anchor) => {
      if (expected === null) {
        return { stat: placeNewIn(root, stage, anchor, file, name, newMode), trashed: null };
      }
      const staged = stage.at(file.name);
      const target = anchor.at(name);
      const ready = lookAtStaged(root, stage, file);
      const old = lookForExpected(disk, target, expected, hasStableIds);
      if (old.kind !== 'file') throw diskError('wrong-kind');
      setMode(disk, staged, ready, modeWithExec(passOwner(disk, staged, ready, old), file.exec));
      assertMovable(disk, target, old);
      const kept = keepInTrash(root, { anchor, path }, old, batch);
      try {
        if (!isStill(lookAt(disk, target, hasStableIds), old)) throw diskError('changed');
        replace(disk, staged, target, old);
      } catch (error) {
        kept.drop();
        throw error;
      }
      return { stat: placed(root, file, target, ready), trashed: kept.item };
    }),
  );
}

/**
 * Windows replaces nothing that is read-only; the new file has the same mark already. Nor what any program reads, though it lets that
 * be renamed.
 */
function replace(disk: Disk, staged: string, target: string, old: NodeStat): void {
  try {
    disk.renameSync(staged, target);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM' || (old.mode & 0o200) !== 0) throw asInUse(error);
    disk.chmodSync(target, old.mode | 0o200);
    try {
      disk.renameSync(staged, target);
    } catch (again) {
      disk.chmodSync(target, old.mode);
      throw asInUse(again);
    }
  }
}

/** Unchanged but for the ctime, which our second name moved. What was made private since stays that. */
const isStill = (now: NodeStat | null, old: NodeStat): boolean =>
  now !== null && isSameContent(now, old) && now.mode === old.mode;
