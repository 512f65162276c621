import { constants } from 'node:fs';
import { toHex } from '../common/bytes.ts';
import { errnoOf } from '../common/errno.ts';
import type { Random } from '../common/ids.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { Disk } from './disk.ts';
import type { VolumeTraits } from './file-system.ts';
import type { Anchor, LocalRoot } from './local-root.ts';
import { ensureFolder, freshName, stageFolder } from './own-folder.ts';
import { timeText } from './time-text.ts';
import { isLocalVolume } from './volume-kind.ts';

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Where files are tried out. */
interface Trial {
  readonly disk: Disk;
  readonly random: Random;
  readonly anchor: Anchor;
}

/** What a system out of room or handles answers to anything: it does not tell what the volume can do. */
const passing: ReadonlySet<string | null> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
]);

/** Makes a trial file and asks something about it. False if it cannot be made; throws what says nothing about that. */
function tryFile({ disk, anchor }: Trial, name: string, ask: () => boolean = () => true): boolean {
  try {
    disk.closeSync(disk.openSync(anchor.at(name), flags, 0o600));
  } catch (error) {
    if (passing.has(errnoOf(error))) throw error;
    return false;
  }
  try {
    return ask();
  } catch (error) {
    // Nothing that a volume cannot do is told by this one.
    if (passing.has(errnoOf(error)) || errnoOf(error) === 'EIO') throw error;
    return false;
  } finally {
    disk.unlinkSync(anchor.at(name));
  }
}

/** Where no file can be made, whatever its name, nothing can be asked. */
function expectFile({ disk, anchor }: Trial, name: string): void {
  disk.closeSync(disk.openSync(anchor.at(name), flags, 0o600));
  disk.unlinkSync(anchor.at(name));
}

const has = ({ disk, anchor }: Trial, name: string): boolean => disk.lstatSync(anchor.at(name)) !== undefined;

function probeMaxLength(trial: Trial): LocalNameRules['maxLength'] {
  const random = toHex(trial.random.bytes(8));
  const fits = (length: number): boolean => tryFile(trial, random.padEnd(length, 'x'));
  if (fits(255)) {
    // 100 signs of three bytes: too long where bytes count.
    const unit = tryFile(trial, `${random}${'\u20ac'.repeat(100)}`) ? 'utf16' : 'utf8';
    return { unit, length: 255 };
  }
  // Encrypting file systems hold less (eCryptfs: 143).
  let low = 16;
  let high = 254;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return { unit: 'utf8', length: low };
}

function probeNameRules(trial: Trial): LocalNameRules {
  const random = toHex(trial.random.bytes(8));
  const isWindows = process.platform === 'win32' || !tryFile(trial, `probe?${random}`);
  return {
    isCaseSensitive: !tryFile(trial, `probe-a${random}`, () => has(trial, `PROBE-A${random}`)),
    isNormalizationSensitive: !tryFile(trial, `\u00e9${random}`, () => has(trial, `e\u0301${random}`)),
    maxLength: isWindows ? { unit: 'utf16', length: 255 } : probeMaxLength(trial),
    isWindows,
  };
}

function probeTimeStep({ disk, anchor }: Trial, name: string): number {
  const set = 1_500_000_001_123_457;
  disk.utimesSync(anchor.at(name), timeText(set), timeText(set));
  const found = Math.round(disk.statSync(anchor.at(name)).mtimeMs * 1000);
  // FAT, which keeps every other second, rounds up on Windows: the time set is an odd one, and less than a second away from that.
  const seconds = found % 2_000_000 === 0 ? 2_000_000 : 1_000_000;
  return [1, 10, 100, 1000, 10_000].find((step) => Math.abs(set - found) < step) ?? seconds;
}

function probeExecBit({ disk, anchor }: Trial, name: string): boolean {
  const isExec = (): boolean => (disk.statSync(anchor.at(name)).mode & 0o100) !== 0;
  const before = isExec();
  disk.chmodSync(anchor.at(name), 0o700);
  return !before && isExec();
}

/** See `RootKeeper.probeVolume`. */
export function probeVolume(root: LocalRoot): VolumeTraits {
  ensureFolder(root, stageFolder);
  const { disk, random } = root;
  return root.inFolder(stageFolder, (anchor) => {
    const trial: Trial = { disk, random, anchor };
    const name = freshName(random);
    expectFile(trial, name);
    let mtimeStepUs = 1;
    tryFile(trial, name, () => {
      mtimeStepUs = probeTimeStep(trial, name);
      return true;
    });
    return {
      nameRules: probeNameRules(trial),
      hasExecBit: process.platform !== 'win32' && tryFile(trial, name, () => probeExecBit(trial, name)),
      mtimeStepUs,
      hasStableIds: root.hasStableIds,
      isLocal: isLocalVolume(disk.statfsSync(anchor.folder).type, disk.realpathSync(root.location)),
    };
  });
}
