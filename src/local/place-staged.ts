import { diskError } from '../common/disk-error.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import type { Placed } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { isSameContent, lookAt } from './node-stat.ts';
import { stageFolder } from './own-folder.ts';
import { checkSynced, lookAtStaged, placed, placeNewIn } from './place-new.ts';
import { lookForExpected } from './rename-safely.ts';
import { modeWithExec, type NodeStagedFile, setMode } from './staged-file.ts';
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
  defaultMode: () => number,
): Placed {
  const { folder, name } = entryOf(path);
  checkSynced(file);
  const { disk, hasStableIds } = root;
  return root.inFolder(stageFolder, (stage) =>
    root.inFolder(folder, (anchor) => {
      if (expected === null) {
        return { stat: placeNewIn(root, stage, anchor, file, name, defaultMode), trashed: null };
      }
      const staged = stage.at(file.name);
      const target = anchor.at(name);
      const ready = lookAtStaged(root, stage, file);
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
      return { stat: placed(root, file, target, ready), trashed: kept.item };
    }),
  );
}

/** Unchanged but for the ctime, which our second name moved. */
const isStill = (now: Stat | null, old: Stat): boolean => now !== null && isSameContent(now, old);
