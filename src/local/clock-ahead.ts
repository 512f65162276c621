import { HoldfastError } from '../common/errors.ts';
import type { LocalRoot } from './local-root.ts';
import { lookAt } from './node-stat.ts';
import { newFlags } from './open-flags.ts';
import { ensureFolder, freshName, stageFolder } from './own-folder.ts';

/** See `RootKeeper.clockAhead`. */
export function clockAhead(root: LocalRoot, now: () => number): number {
  const { disk, random } = root;
  try {
    ensureFolder(root, stageFolder);
    return root.inFolder(stageFolder, (anchor) => {
      const path = anchor.at(freshName(random));
      disk.closeSync(disk.openSync(path, newFlags, 0o600));
      try {
        const made = lookAt(disk, path, false);
        return made === null ? 0 : made.mtimeUs / 1000 - now();
      } finally {
        disk.unlinkSync(path);
      }
    });
  } catch (error) {
    // Full, say, or not to be written to: whoever has to write there says so.
    if (error instanceof HoldfastError) return 0;
    throw error;
  }
}
