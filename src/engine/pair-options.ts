import type { Clock } from '../common/clock.ts';
import type { DeviceId, PairId, Random, VaultId } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import type { Index } from '../db/index-port.ts';
import type { FileSystem, VolumeTraits } from '../local/file-system.ts';
import type { IgnoreRules } from '../local/ignore-rules.ts';
import type { Watcher, WatcherOptions } from '../local/watcher.ts';
import type { StorageApi } from '../remote/storage-api.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import type { PositionPin } from './log/standing.ts';
import type { AccountAccess } from './log/vault-log.ts';
import type { LoopTimes } from './loop/loop-times.ts';
import type { SelectionStore } from './selection/selection.ts';
import type { ContentCrypto } from './transfer/content-crypto.ts';
import type { TransferBudget } from './transfer/transfer-budget.ts';

/** What a pair is opened over. */
export interface PairOptions {
  readonly pair: PairId;
  readonly vault: VaultId;
  /** Absolute, for people. */
  readonly folder: string;
  readonly index: Index;
  readonly fs: FileSystem;
  readonly traits: VolumeTraits;
  readonly ignore: IgnoreRules;
  /** Made by `start`. */
  readonly makeWatcher: (options: WatcherOptions) => Watcher;
  readonly storage: StorageApi;
  readonly account: AccountAccess;
  readonly pin: PositionPin;
  readonly selection: SelectionStore;
  readonly contentCrypto: (ring: KeyRing) => ContentCrypto;
  readonly deviceName: string;
  readonly deviceNameOf: (device: DeviceId) => string;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared by the pairs of a device; without it, this one has a budget of its own. */
  readonly budget?: TransferBudget | undefined;
  readonly logger: Logger;
  readonly times?: Partial<LoopTimes>;
  /** How many nodes without a past one plan takes; more are planned in parts. By default as the line to the server asks for. */
  readonly newNodesInPlan?: number;
  /** Files up to this size are sent together: larger ones are worth a way of their own. Default 128 KiB. */
  readonly smallBytes?: number;
  /** After how many entries of the log a checkpoint is written, whatever it costs. Default: when it pays. */
  readonly checkpointEntries?: number;
}
