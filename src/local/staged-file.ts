import { constants } from 'node:fs';
import { diskError, diskReason } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { HoldfastError } from '../common/errors.ts';
import type { AlignedBlocks } from './aligned-blocks.ts';
import { type DirectFile, openDirectly } from './direct-file.ts';
import { setMode } from './file-mode.ts';
import type { StagedAttributes, StagedFile } from './file-system.ts';
import { fatLimit, isTooLarge, type LargestFile } from './largest-file.ts';
import type { LocalRoot } from './local-root.ts';
import { mapErrno, withErrno } from './map-errno.ts';
import { lookAt } from './node-stat.ts';
import { newFlags, resumeFlags } from './open-flags.ts';
import { ensureFolder, freshName, stageFolder } from './own-folder.ts';
import { type StageRoom, takeRoom } from './stage-room.ts';
import { timeText } from './time-text.ts';
import { openNew } from './write-synced.ts';

/** Up to so many bytes a synchronous write beats the way to a thread and back. */
const smallWrite = 65_536;

/**
 * The states of a staged file, in order; each step is possible from the one before only. `lost`: when it was to be synced, another
 * program had removed it.
 */
type StageState = 'writing' | 'finished' | 'synced' | 'lost' | 'gone';

export interface NodeStagedFile extends StagedFile {
  readonly name: string;
  state: StageState;
  exec: boolean;
}

const resumablePrefix = 'part-';

/** What is left in the stage, for the try that takes it up, however long ago that was: a disk may stand in another year. */
export const isResumable = (name: string, isWanted: (key: string) => boolean): boolean =>
  name.startsWith(resumablePrefix) && isWanted(name.slice(resumablePrefix.length));

/**
 * A file in the stage, readable by the owner only until it is placed. `key`: see `Stage.createStaged`; a file that has one is
 * large, and written by way of `blocks`.
 */
export function createStagedFile(
  root: LocalRoot,
  blocks: AlignedBlocks,
  largest: LargestFile,
  key?: string,
  size?: number,
): NodeStagedFile {
  if (size !== undefined && size > largest.bytes) throw diskError('too-large');
  if (key !== undefined && !/^[0-9a-f]{32}$/.test(key)) throw new HoldfastError('bug', 'not a key for the stage');
  const { disk } = root;
  const name = key === undefined ? freshName(root.random) : resumablePrefix + key;
  const mode = key === undefined ? newFlags : resumeFlags;
  const open = (): number => root.inFolder(stageFolder, (anchor) => disk.openSync(anchor.at(name), mode, 0o600));
  let handle: number | null;
  try {
    handle = open();
  } catch (error) {
    ensureFolder(root, stageFolder);
    // It was to replace a file that nobody may write to, and has the mode of that already.
    if (key !== undefined && diskReason(error) === 'denied') {
      root.inFolder(stageFolder, (anchor) => {
        if (lookAt(disk, anchor.at(name), root.hasStableIds) !== null) disk.chmodSync(anchor.at(name), 0o600);
      });
    }
    handle = open();
  }

  let leftBytes = 0;
  if (key !== undefined) {
    const left = disk.fstatSync(handle);
    if (left.isFile() && left.nlink < 2) leftBytes = left.size;
    else {
      // A file that got its name and, when the power went, had not lost this one, is a person's by now; or it came with the folder.
      disk.closeSync(handle);
      handle = root.inFolder(stageFolder, (anchor) => openNew(disk, anchor.at(name), resumeFlags | constants.O_EXCL));
    }
  }
  const room = size === undefined ? null : roomFor(handle, Math.max(0, size - leftBytes));
  const direct: DirectFile | null = key === undefined ? null : openDirectly(disk, handle, blocks, writeAll);
  let isHopeless = false;

  function roomFor(open: number, bytes: number): StageRoom {
    try {
      return takeRoom(root, bytes);
    } catch (error) {
      disk.closeSync(open);
      if (leftBytes === 0) root.inFolder(stageFolder, (anchor) => disk.unlinkSync(anchor.at(name)));
      throw error;
    }
  }

  /** A quota (EDQUOT) nobody could tell beforehand: what was thrown away for it would be fetched in vain again and again. */
  function notWritten(error: unknown, end: number): HoldfastError {
    if (isTooLarge(root, error, end)) {
      isHopeless = true;
      largest.bytes = fatLimit;
      return diskError('too-large', errnoOf(error));
    }
    if (room?.isKnown && errnoOf(error) === 'ENOSPC') isHopeless = true;
    return mapErrno(error);
  }

  function closeHandle(): void {
    room?.end();
    direct?.close();
    if (handle !== null) disk.closeSync(handle);
    handle = null;
  }

  async function writeAll(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      if (handle === null) throw new HoldfastError('bug', 'a finished stage file was written to');
      const length = bytes.length - done;
      const written =
        length <= smallWrite
          ? disk.writeSync(handle, bytes, done, length, position + done)
          : await disk.write(handle, bytes, done, length, position + done);
      if (written === 0) throw diskError('disk-full');
      done += written;
    }
  }

  const file: NodeStagedFile = {
    name,
    state: 'writing',
    exec: false,
    leftBytes,
    read: async (buffer, position) => {
      if (handle === null) throw new HoldfastError('bug', 'a finished stage file was read');
      try {
        return await disk.read(handle, buffer, 0, buffer.length, position);
      } catch (error) {
        throw mapErrno(error);
      }
    },
    write: async (bytes, position) => {
      try {
        await (direct === null ? writeAll(bytes, position) : direct.write(bytes, position));
        room?.wrote(bytes.length);
      } catch (error) {
        throw notWritten(error, position + bytes.length);
      }
    },
    finish: async (attributes: StagedAttributes) => {
      const open = handle;
      if (open === null) throw new HoldfastError('bug', 'a stage file is finished once');
      try {
        await direct?.flush();
      } catch (error) {
        throw notWritten(error, attributes.size ?? 0);
      }
      withErrno(() => {
        const time = timeText(attributes.mtimeUs);
        if (attributes.size !== undefined && file.leftBytes > attributes.size)
          disk.ftruncateSync(open, attributes.size);
        disk.futimesSync(open, time, time);
        closeHandle();
        // Already here: what else its mode is to be shows when it gets its name, and that need not outlive the power.
        if (attributes.exec) {
          root.inFolder(stageFolder, (anchor) => {
            const stat = lookAt(disk, anchor.at(name), root.hasStableIds);
            if (stat !== null) setMode(disk, anchor.at(name), stat, 0o700);
          });
        }
      });
      file.exec = attributes.exec;
      file.state = 'finished';
    },
    discard: async () => {
      closeHandle();
      remove(root, file);
    },
    leave: async () => {
      // There was room for it when it began: others have that now, and need more. Or it will never be whole.
      if (key === undefined || isHopeless) return file.discard();
      // What waits for more is lost otherwise; it would only be fetched again.
      await direct?.flush().catch(() => undefined);
      closeHandle();
    },
  };
  return file;
}

function remove(root: LocalRoot, file: NodeStagedFile): void {
  if (file.state === 'gone') return;
  file.state = 'gone';
  try {
    root.inFolder(stageFolder, (anchor) => root.disk.unlinkSync(anchor.at(file.name)));
  } catch {
    // Start-up removes what is left in the stage.
  }
}

const isFinished = (): never => {
  throw new HoldfastError('bug', 'a stage file is finished once');
};

/** A file of the stage that was written whole, with its attributes but exec for others than the owner. */
export function finishedFile(root: LocalRoot, name: string, exec: boolean): NodeStagedFile {
  const discard = async (): Promise<void> => remove(root, file);
  const file: NodeStagedFile = {
    name,
    state: 'finished',
    exec,
    leftBytes: 0,
    read: isFinished,
    write: isFinished,
    finish: isFinished,
    discard,
    leave: discard,
  };
  return file;
}
