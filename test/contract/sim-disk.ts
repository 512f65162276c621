import type { Disk } from '../../src/local/disk.ts';
import type { Anchoring } from '../../src/local/local-root.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import { makeTimeSlice } from '../../src/local/time-slice.ts';
import { makeSimDisk, type SimDisk } from '../sim/disk/sim-disk.ts';
import { keptName, type SimTraits } from '../sim/disk/sim-traits.ts';
import { dice } from '../sim/random.ts';
import type { FileSystemUnderTest, OtherProgram } from './file-system-contract.ts';

const root = '/home/person/root';

/** Longer than the coarsest step of times, so that no change escapes notice for its time alone. */
const timeBetween = 2_000;

/** @param before called ahead of each change. */
const otherProgramOn = (
  { person, traits }: SimDisk,
  folder: string,
  before: () => void = () => undefined,
): OtherProgram => {
  const at = (path: string): string => {
    before();
    return `${folder}/${path}`;
  };
  return {
    write: async (path, text) => person.write(at(path), text),
    append: async (path, text) => person.append(at(path), text),
    read: async (path) => person.readText(at(path)),
    makeFolder: async (path) => person.makeFolder(at(path)),
    rename: async (from, to) => person.rename(at(from), at(to)),
    remove: async (path) => person.remove(at(path)),
    link: async (path, target) => person.symlink(at(path), target),
    setMode: traits.hasModeBits ? async (path, mode) => person.setMode(at(path), mode) : null,
    getMode: traits.hasModeBits ? async (path) => person.modeOf(at(path)) : null,
  };
};

/**
 * The file-system code as it is, on a disk in memory; a crash leaves what programs saw.
 *
 * @param shown what the system makes of the disk.
 */
export async function makeSimFileSystem(
  traits: SimTraits,
  anchoring: Anchoring,
  shown: (disk: Disk) => Disk = (disk) => disk,
): Promise<FileSystemUnderTest & { readonly disk: SimDisk; readonly root: string }> {
  let time = Date.now();
  const clock = { now: () => time, monotonic: () => 0, sleep: async () => undefined };
  const seeded = dice(1, 'disk');
  const disk = makeSimDisk({ clock, dice: seeded, traits });
  disk.person.makeFolder(root);
  const open = () =>
    openNodeFileSystem(root, {
      anchoring,
      disk: shown(disk.open()),
      random: seeded,
      now: clock.now,
      slice: makeTimeSlice(clock),
    });
  return {
    fs: open(),
    other: otherProgramOn(disk, root, () => {
      time += timeBetween;
    }),
    limits: {
      mtimeStepUs: traits.mtimeStepUs,
      keptName: (name) => {
        try {
          return keptName(name, traits, 'open');
        } catch {
          return null;
        }
      },
    },
    disk,
    root,
    reopen: async () => {
      disk.crash();
      return open();
    },
    dispose: async () => undefined,
  };
}
