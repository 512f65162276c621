import { diskError } from '../common/disk-error.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import { modeWithExec, setMode } from './file-mode.ts';
import type { Attributes } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { lookAt, type NodeStat, toStat } from './node-stat.ts';
import { readFlags } from './open-flags.ts';
import { lookForExpected } from './rename-safely.ts';
import { timeText } from './time-text.ts';

/** Without following a link that may have taken the name since it was looked at. */
function setOn(disk: Disk, path: string, before: NodeStat, { exec, mtimeUs }: Partial<Attributes>): void {
  const time = mtimeUs === undefined ? null : timeText(mtimeUs);
  // Windows sets times through handles that may write, and a read-only file gives none: but by its path.
  if (process.platform === 'win32') {
    if (exec !== undefined) setMode(disk, path, before, modeWithExec(before.mode, exec));
    if (time !== null) disk.utimesSync(path, time, time);
    return;
  }
  const handle = disk.openSync(path, readFlags);
  try {
    const now = toStat(disk.fstatSync(handle), true);
    if (now.kind !== 'file') throw diskError('changed');
    if (exec !== undefined) setMode(disk, handle, now, modeWithExec(now.mode, exec));
    if (time !== null) disk.futimesSync(handle, time, time);
  } finally {
    disk.closeSync(handle);
  }
}

/** See `DiskChanger.setAttributes`. */
export function setAttributes(
  root: LocalRoot,
  path: RelativePath,
  expected: Fingerprint,
  attributes: Partial<Attributes>,
): Stat {
  const { folder, name } = entryOf(path);
  const { disk } = root;
  return root.inFolder(folder, (anchor) => {
    const before = lookForExpected(disk, anchor.at(name), expected, root.hasStableIds);
    if (before.kind !== 'file') throw diskError('wrong-kind');
    setOn(disk, anchor.at(name), before, attributes);
    const after = lookAt(disk, anchor.at(name), root.hasStableIds);
    const isTimeKept = attributes.mtimeUs !== undefined || after?.mtimeUs === before.mtimeUs;
    // Vouches for the content: written to meanwhile, the old state is returned, and the next look sees the change.
    return after !== null && after.ino === before.ino && after.size === before.size && isTimeKept ? after : before;
  });
}
