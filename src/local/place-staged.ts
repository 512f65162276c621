import { diskError } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import type { Placed } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { isSameContent, lookAt, type NodeStat } from './node-stat.ts';
import { stageFolder } from './own-folder.ts';
import { isLinkRefused, lookForExpected, vouchedStat } from './rename-safely.ts';
import { modeWithExec, type NodeStagedFile, setMode } from './staged-file.ts';
import { keepInTrash } from './trash.ts';

/** To a free name: `link` refuses a taken one, so that nothing is ever replaced unseen. */
function placeNew(disk: Disk, staged: string, target: string, hasStableIds: boolean): void {
  try {
    disk.linkSync(staged, target);
  } catch (error) {
    if (!isLinkRefused(error)) throw error;
    // No hard links here (FAT): the look is right before the rename, which replaces what appears in between.
    if (lookAt(disk, target, hasStableIds) !== null) throw diskError('exists');
    disk.renameSync(staged, target);
    return;
  }
  disk.unlinkSync(staged);
}

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
  defaultMode: () => number,
): Placed {
  const { folder, name } = entryOf(path);
  if (file.state !== 'synced') throw new HoldfastError('bug', 'a staged file is synced before it gets its name');
  const { disk, hasStableIds } = root;
  return root.inFolder(stageFolder, (stage) =>
    root.inFolder(folder, (anchor) => {
      const staged = stage.at(file.name);
      const target = anchor.at(name);
      const ready = lookAt(disk, staged, hasStableIds);
      if (ready === null) throw new HoldfastError('bug', 'a staged file is gone');

      const finish = (content: NodeStat, trashed: Placed['trashed']): Placed => {
        file.state = 'gone';
        return { stat: vouchedStat(disk, target, content, hasStableIds), trashed };
      };

      if (expected === null) {
        if (lookAt(disk, target, hasStableIds) !== null) throw diskError('exists');
        setMode(disk, staged, ready, modeWithExec(defaultMode(), file.exec));
        placeNew(disk, staged, target, hasStableIds);
        return finish(ready, null);
      }

      const old = lookForExpected(disk, target, expected, hasStableIds);
      if (old.kind !== 'file') throw diskError('wrong-kind');
      setMode(disk, staged, ready, modeWithExec(old.mode, file.exec));
      const kept = keepInTrash(root, { anchor, path }, old, batch);
      try {
        if (!isStill(lookAt(disk, target, hasStableIds), old)) throw diskError('changed');
        disk.renameSync(staged, target);
      } catch (error) {
        kept.drop();
        throw error;
      }
      return finish(ready, kept.item);
    }),
  );
}

/** Unchanged but for the ctime, which our second name moved. */
const isStill = (now: Stat | null, old: Stat): boolean => now !== null && isSameContent(now, old);
