import { z } from 'zod';
import type { AccountId, DeviceId, PairId, VaultId } from '../common/ids.ts';
import { failure } from './failure.ts';
import { count, idField, wallTime } from './fields.ts';
import { pairState, pairStatus } from './report.ts';

/** What the whole device reports, over all its folder pairs. */

/** Who is signed in on this device. */
export const signedIn = z.object({
  server: z.string(),
  email: z.string(),
  account: idField<AccountId>(),
  device: idField<DeviceId>(),
  deviceName: z.string(),
});

export const homeState = z.enum(['signed-out', 'no-folders', ...pairState.options]);

/** When a pause ends by itself; null: not paused, or until someone resumes. */
const pausedUntil = wallTime.nullable();

export const homeStatus = z.object({
  /** The worst of the pairs' states. */
  state: homeState,
  /** One sentence a person can read. */
  message: z.string(),
  /** Whether something watches and syncs now. If not, the pairs' states are the last known ones. */
  isRunning: z.boolean(),
  account: signedIn
    .extend({
      /** Its recovery words were shown here, and nobody said that they are kept. */
      areWordsUnconfirmed: z.boolean(),
      /** What other devices have added, as far as this one has heard of it since it runs: the latest, while it is there. */
      newDevice: z.object({ device: idField<DeviceId>(), deviceName: z.string() }).nullable(),
      /** Not synced here. */
      newVault: z.object({ vault: idField<VaultId>(), vaultName: z.string() }).nullable(),
    })
    .nullable(),
  pairs: z.array(pairStatus.extend({ pausedUntil })),
});

export type HomeStatus = z.output<typeof homeStatus>;
export type HomeState = z.output<typeof homeState>;
export type SignedIn = z.output<typeof signedIn>;

export const pairInfo = z.object({
  pair: idField<PairId>(),
  vault: idField<VaultId>(),
  vaultName: z.string(),
  folder: z.string(),
  isPaused: z.boolean(),
  pausedUntil,
  createdAt: wallTime,
});

export type PairInfo = z.output<typeof pairInfo>;

/**
 * How a run of `sync` ended, one pair or all of them. `converged`: nothing is left to do, but for what is held. `Up`: to the vault, or in
 * it; `Down`: to the folder here, or in it. `left`: files and folders that differ still and are not held.
 */
const syncCounts = {
  converged: z.boolean(),
  state: homeState,
  filesUp: count,
  filesDown: count,
  bytesUp: count,
  bytesDown: count,
  movesUp: count,
  movesDown: count,
  deletesUp: count,
  deletesDown: count,
  operations: count,
  conflicts: count,
  held: count,
  issues: count,
  left: count,
};

export const syncReport = z.object({
  ...syncCounts,
  pairs: z.array(z.object({ pair: idField<PairId>(), folder: z.string(), message: z.string(), ...syncCounts })),
});

export type SyncReport = z.output<typeof syncReport>;

export const doctorReport = z.object({
  versions: z.record(z.string(), z.string()),
  checks: z.array(
    z.object({
      name: z.string(),
      result: z.enum(['ok', 'warning', 'failed', 'skipped']),
      message: z.string(),
      /** What to do about it, for whoever types commands. */
      hint: z.string().nullable(),
    }),
  ),
});

export type DoctorReport = z.output<typeof doctorReport>;
export type DoctorCheck = DoctorReport['checks'][number];

/** Bytes a second over all pairs; null: no limit. */
const rate = z.int().min(1024).max(1e12).nullable();

const theme = z.enum(['system', 'light', 'dark']);
/** A BCP 47 tag, or the system's language. */
const language = z.union([z.literal('system'), z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)]);

const allSettings = {
  upBytesPerSecond: rate,
  downBytesPerSecond: rate,
  language,
  theme,
  /** Messages of the desktop: all of them, only what needs a person, or none. */
  notifications: z.enum(['all', 'important', 'none']),
  startAtLogin: z.boolean(),
};

export const settings = z.object(allSettings);
export type Settings = z.output<typeof settings>;
/** What is left out stays as it is. */
export const settingsChange = z.strictObject(allSettings).partial();

/** What of the state is worth asking for again. */
export const changedPart = z.enum(['pairs', 'issues', 'activity', 'settings', 'devices']);
export type ChangedPart = z.output<typeof changedPart>;

/** What a listener hears. States are whole, so that a lost event is made good by the next one. */
export const rpcEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: homeStatus }),
  /** Lists that may have changed; `pair`: of one pair, null: of any. */
  z.object({ type: z.literal('changed'), parts: z.array(changedPart), pair: idField<PairId>().nullable() }),
  z.object({ type: z.literal('failure'), failure }),
  z.object({ type: z.literal('stopping') }),
]);

export type RpcEvent = z.output<typeof rpcEvent>;
