import { utf8ByteLength } from '../../../src/common/name.ts';
import { isWindowsName } from '../../../src/local/windows-name.ts';
import { type LocalNameRules, localKey } from '../../../src/model/local-name-rules.ts';
import { errno } from './errno.ts';

/** What kind of disk it is. */
export interface SimTraits {
  readonly isCaseSensitive: boolean;
  /** Unicode forms of one name: two names, one name kept as it was written, or one name kept in that form. */
  readonly form: 'sensitive' | 'insensitive' | 'nfc' | 'nfd';
  /** Refuses what Windows refuses, with EINVAL. */
  readonly isWindows: boolean;
  readonly maxLength: LocalNameRules['maxLength'];
  /** Times are cut down to steps of this. */
  readonly mtimeStepUs: number;
  readonly ctimeStepUs: number;
  readonly hasHardLinks: boolean;
  /** False: everything has mode 0755, and nothing else can be set. */
  readonly hasModeBits: boolean;
  /** False: file numbers are made up anew at each mount. */
  readonly hasStableIds: boolean;
  /** False: nobody knows when a thing was made. */
  readonly hasBirthTimes: boolean;
  /** False: a network volume, by what statfs says. */
  readonly isLocal: boolean;
  /** The number of a removed file is the next one's. */
  readonly reusesInodes: boolean;
  /** Bytes, in blocks of 4096. */
  readonly capacity: number;
  /**
   * What a power cut leaves of changes of names that were not synced. `log`: those up to some moment (ext4, XFS).
   * `graph`: any, as long as what happened to one folder or file arrives in order; for programs that trust no journal.
   */
  readonly journal: 'log' | 'graph';
  /**
   * False: after a power cut, content that did not arrive may be behind the size and times of what should be there, as on
   * any disk that journals names only. No program can notice that without reading everything.
   */
  readonly hasHonestTimes: boolean;
}

export const ext4: SimTraits = {
  isCaseSensitive: true,
  form: 'sensitive',
  isWindows: false,
  maxLength: { unit: 'utf8', length: 255 },
  mtimeStepUs: 1,
  ctimeStepUs: 1,
  hasHardLinks: true,
  hasModeBits: true,
  hasStableIds: true,
  hasBirthTimes: true,
  isLocal: true,
  reusesInodes: false,
  capacity: 1 << 30,
  journal: 'log',
  hasHonestTimes: true,
};

/** By name, for histories. */
export const simDisks = {
  ext4,
  /** Numbers come back at once, and names arrive in any order that keeps each folder's own. */
  'ext4, hasty': { ...ext4, reusesInodes: true, journal: 'graph' },
  apfs: { ...ext4, isCaseSensitive: false, form: 'insensitive', maxLength: { unit: 'utf16', length: 255 } },
  'hfs+': {
    ...ext4,
    isCaseSensitive: false,
    form: 'nfd',
    maxLength: { unit: 'utf16', length: 255 },
    mtimeStepUs: 1_000_000,
    ctimeStepUs: 1_000_000,
  },
  ntfs: {
    ...ext4,
    isCaseSensitive: false,
    isWindows: true,
    maxLength: { unit: 'utf16', length: 255 },
    hasModeBits: false,
  },
  fat: {
    ...ext4,
    isCaseSensitive: false,
    isWindows: true,
    maxLength: { unit: 'utf16', length: 255 },
    mtimeStepUs: 2_000_000,
    ctimeStepUs: 10_000,
    hasHardLinks: false,
    hasModeBits: false,
    hasStableIds: false,
    journal: 'graph',
  },
  /** Nothing tells a thing by but its name. */
  fuse: { ...ext4, isLocal: false, hasStableIds: false, hasBirthTimes: false },
  network: { ...ext4, hasHardLinks: false, isLocal: false, form: 'nfc' },
  ecryptfs: { ...ext4, maxLength: { unit: 'utf8', length: 143 } },
} as const satisfies Record<string, SimTraits>;

const simNameRules = (traits: SimTraits): LocalNameRules => ({
  isCaseSensitive: traits.isCaseSensitive,
  isNormalizationSensitive: traits.form === 'sensitive',
  maxLength: traits.maxLength,
  isWindows: traits.isWindows,
});

/** Under which two names are one entry. */
export const keyOf = (name: string, traits: SimTraits): string =>
  traits.isCaseSensitive && traits.form === 'sensitive' ? name : localKey(name, simNameRules(traits));

/** The name as the disk keeps it. Throws if it cannot. */
export function keptName(name: string, traits: SimTraits, call: string): string {
  const { length, unit } = traits.maxLength;
  if (traits.isWindows && !isWindowsName(name)) throw errno('EINVAL', call, name);
  if ((unit === 'utf8' ? utf8ByteLength(name) : name.length) > length) throw errno('ENAMETOOLONG', call, name);
  if (traits.form === 'nfc') return name.normalize('NFC');
  return traits.form === 'nfd' ? name.normalize('NFD') : name;
}
