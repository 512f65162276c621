import type { Clock } from '../common/clock.ts';
import type { DeviceId, PairId, Random, VaultId } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Index } from '../db/index-port.ts';
import type { FileSystem, VolumeTraits } from '../local/file-system.ts';

/** What is not synced; `isIgnored` is asked with paths on disk. */
export interface IgnoreRules {
  isIgnored(path: RelativePath, isFolder: boolean): boolean;
}

/** What all parts of a pair's engine work with. Rules may be exchanged when their file changes; the rest is fixed. */
export interface LocalContext {
  readonly index: Index;
  readonly fs: FileSystem;
  readonly traits: VolumeTraits;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  ignore: IgnoreRules;
}

export interface PairIdentity {
  readonly pair: PairId;
  readonly vault: VaultId;
  readonly device: DeviceId;
  readonly deviceName: string;
}
