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

export const homeStatus = z.object({
  /** The worst of the pairs' states. */
  state: homeState,
  /** One sentence a person can read. */
  message: z.string(),
  /** Whether something watches and syncs now. If not, the pairs' states are the last known ones. */
  isRunning: z.boolean(),
  account: signedIn.nullable(),
  pairs: z.array(pairStatus),
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
  createdAt: wallTime,
});

export type PairInfo = z.output<typeof pairInfo>;

/** How a run of `sync` ended, one pair or all of them. `converged`: nothing diverges and nothing is held. */
const syncCounts = {
  converged: z.boolean(),
  state: homeState,
  filesUp: count,
  filesDown: count,
  bytesUp: count,
  bytesDown: count,
  operations: count,
  conflicts: count,
  held: count,
  issues: count,
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
    }),
  ),
});

export type DoctorReport = z.output<typeof doctorReport>;
export type DoctorCheck = DoctorReport['checks'][number];

/** Bytes a second over all pairs; null: no limit. */
const rate = z.int().min(1024).max(1e12).nullable();

export const settings = z.object({ upBytesPerSecond: rate, downBytesPerSecond: rate });
export type Settings = z.output<typeof settings>;
export const settingsChange = z.strictObject({
  upBytesPerSecond: rate.optional(),
  downBytesPerSecond: rate.optional(),
});

/** What a listener hears. States are whole, so that a lost event is made good by the next one. */
export const rpcEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: homeStatus }),
  z.object({ type: z.literal('failure'), failure }),
  z.object({ type: z.literal('stopping') }),
]);

export type RpcEvent = z.output<typeof rpcEvent>;
