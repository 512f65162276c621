import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import type { Index } from '../db/index-port.ts';
import type { FileSystem, VolumeTraits } from '../local/file-system.ts';
import type { IgnoreRules } from '../local/ignore-rules.ts';

/** What the parts of a pair's engine that look at the disk work with. */
export interface LocalContext {
  readonly index: Index;
  readonly fs: FileSystem;
  readonly traits: VolumeTraits;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly ignore: IgnoreRules;
}
