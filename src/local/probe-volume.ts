import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, linkSync, lstatSync, openSync, statfsSync, unlinkSync, utimesSync } from 'node:fs';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { VolumeTraits } from './file-system.ts';
import type { Anchor, LocalRoot } from './local-root.ts';
import { ensureFolder, stageFolder } from './own-folder.ts';
import { timeText } from './time-text.ts';
import { isLocalVolume } from './volume-kind.ts';

/** Makes a trial file and asks something about it. False if it cannot be made. */
function tryFile(anchor: Anchor, name: string, ask: () => boolean = () => true): boolean {
  try {
    closeSync(openSync(anchor.at(name), 'wx', 0o600));
  } catch {
    return false;
  }
  try {
    return ask();
  } catch {
    return false;
  } finally {
    unlinkSync(anchor.at(name));
  }
}

const has = (anchor: Anchor, name: string): boolean =>
  lstatSync(anchor.at(name), { throwIfNoEntry: false }) !== undefined;

function probeMaxLength(anchor: Anchor): LocalNameRules['maxLength'] {
  const random = randomBytes(8).toString('hex');
  const fits = (length: number): boolean => tryFile(anchor, random.padEnd(length, 'x'));
  if (fits(255)) {
    // 100 signs of three bytes: too long where bytes count.
    const unit = tryFile(anchor, `${random}${'\u20ac'.repeat(100)}`) ? 'utf16' : 'utf8';
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

function probeNameRules(anchor: Anchor): LocalNameRules {
  const random = randomBytes(8).toString('hex');
  const isWindows = process.platform === 'win32' || !tryFile(anchor, `probe?${random}`);
  return {
    isCaseSensitive: !tryFile(anchor, `probe-a${random}`, () => has(anchor, `PROBE-A${random}`)),
    isNormalizationSensitive: !tryFile(anchor, `\u00e9${random}`, () => has(anchor, `e\u0301${random}`)),
    maxLength: isWindows ? { unit: 'utf16', length: 255 } : probeMaxLength(anchor),
    isWindows,
  };
}

function probeTimeStep(anchor: Anchor, name: string): number {
  const set = 1_500_000_001_123_457;
  utimesSync(anchor.at(name), timeText(set), timeText(set));
  const found = Math.round(lstatSync(anchor.at(name)).mtimeMs * 1000);
  return [1, 10, 100, 1000, 10_000, 1_000_000].find((step) => Math.abs(set - found) < step) ?? 2_000_000;
}

function probeExecBit(anchor: Anchor, name: string): boolean {
  const isExec = (): boolean => (lstatSync(anchor.at(name)).mode & 0o100) !== 0;
  const before = isExec();
  chmodSync(anchor.at(name), 0o700);
  return !before && isExec();
}

/** See `RootKeeper.probeVolume`. */
export function probeVolume(root: LocalRoot): VolumeTraits {
  ensureFolder(root, stageFolder);
  return root.inFolder(stageFolder, (anchor) => {
    const name = randomBytes(16).toString('hex');
    const isLinked = (): boolean => {
      linkSync(anchor.at(name), anchor.at(`${name}-2`));
      unlinkSync(anchor.at(`${name}-2`));
      return true;
    };
    let mtimeStepUs = 1;
    tryFile(anchor, name, () => {
      mtimeStepUs = probeTimeStep(anchor, name);
      return true;
    });
    return {
      nameRules: probeNameRules(anchor),
      hasExecBit: process.platform !== 'win32' && tryFile(anchor, name, () => probeExecBit(anchor, name)),
      mtimeStepUs,
      hasHardLinks: tryFile(anchor, name, isLinked),
      hasStableIds: root.hasStableIds,
      isLocal: isLocalVolume(statfsSync(anchor.folder).type, root.location),
    };
  });
}
