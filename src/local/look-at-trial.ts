import type { LocalRoot } from './local-root.ts';
import { lookAt, type NodeStat } from './node-stat.ts';
import { newFlags } from './open-flags.ts';
import { ensureFolder, freshName, stageFolder } from './own-folder.ts';

/** What a new file looks like here: an empty one is made in the stage, asked for with `mode`, and removed again. */
export function lookAtTrial(root: LocalRoot, mode: number): NodeStat | null {
  const { disk, hasStableIds, random } = root;
  ensureFolder(root, stageFolder);
  return root.inFolder(stageFolder, (anchor) => {
    const path = anchor.at(freshName(random));
    disk.closeSync(disk.openSync(path, newFlags, mode));
    try {
      return lookAt(disk, path, hasStableIds);
    } finally {
      disk.unlinkSync(path);
    }
  });
}
