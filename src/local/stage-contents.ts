import type { NewContent } from './file-system.ts';
import type { LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { newFlags } from './open-flags.ts';
import { ensureFolder, freshName, stageFolder } from './own-folder.ts';
import { finishedFile, type NodeStagedFile } from './staged-file.ts';
import type { TimeSlice } from './time-slice.ts';
import { timeText } from './time-text.ts';
import { writeAll } from './write-all.ts';

/** See `Stage.stageAll`. Small ones: each is written without giving way. */
export async function stageContents(
  root: LocalRoot,
  contents: readonly NewContent[],
  slice: TimeSlice,
): Promise<readonly NodeStagedFile[]> {
  const { disk, entriesAtOnce } = root;
  const files: NodeStagedFile[] = [];
  // One for all: each would take 3 µs.
  const prefix = freshName(root.random);
  const makeIn = (at: (name: string) => string, { bytes, exec, mtimeUs }: NewContent): void => {
    const name = `${prefix}-${files.length}`;
    const handle = disk.openSync(at(name), newFlags, exec ? 0o700 : 0o600);
    try {
      files.push(finishedFile(root, name, exec));
      writeAll(disk, handle, bytes);
      const time = timeText(mtimeUs);
      disk.futimesSync(handle, time, time);
    } finally {
      disk.closeSync(handle);
    }
  };
  try {
    ensureFolder(root, stageFolder);
    for (let from = 0; from < contents.length; from += entriesAtOnce) {
      if (slice.isSpent()) await slice.rest();
      root.inFolder(stageFolder, (anchor) => {
        for (const content of contents.slice(from, from + entriesAtOnce)) makeIn(anchor.at, content);
      });
    }
    return files;
  } catch (error) {
    for (const file of files) await file.discard();
    throw mapErrno(error);
  }
}
