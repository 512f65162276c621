import { z } from 'zod';
import type { DeviceId, PairId, VaultId } from '../common/ids.ts';
import type { HeldItem } from '../model/status.ts';
import { failure } from './failure.ts';
import { count, idField, text, wallTime } from './fields.ts';
import { vaultEntry } from './report.ts';

/** What a window shows beside the state of the pairs: this computer, the account's vaults and devices, long lists by page. */

/** What this installation is and what it can do for the window that asks. */
export const appInfo = z.object({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32', 'other']),
  /** Where the engine keeps its key: the system's keychain, or a file (sealed with a passphrase, or for its owner alone). */
  keychain: z.enum(['system', 'passphrase', 'file']),
  /** What the desktop around it can do; none of it in a browser. */
  canChooseFolder: z.boolean(),
  canOpenFiles: z.boolean(),
  canStartAtLogin: z.boolean(),
  /** A folder to propose: absolute, not made yet. */
  proposedFolder: z.string(),
  /** Name that this computer would have as a device. */
  deviceName: z.string(),
});
export type AppInfo = z.output<typeof appInfo>;

/** A server that answers. `server`: its address as it is stored and dialled. */
export const serverInfo = z.object({ server: z.string(), isThisComputer: z.boolean() });

/** Folders of this computer, for choosing one where no system dialog is at hand. */
export const folderListing = z.object({
  folder: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
});

export const vaultInfo = z.object({
  vault: idField<VaultId>(),
  name: z.string(),
  /** Bytes that the server holds of it, sealed; null while it cannot be asked. */
  bytes: count.nullable(),
  /** The pair that syncs it on this device. */
  pair: idField<PairId>().nullable(),
});
export type VaultInfo = z.output<typeof vaultInfo>;

export const deviceInfo = z.object({
  device: idField<DeviceId>(),
  name: z.string(),
  isThis: z.boolean(),
  addedAt: wallTime,
  isRevoked: z.boolean(),
  /** When its newest change reached this device; null if none has, and for this device. */
  lastHeardAt: wallTime.nullable(),
  /** It should have given a sign of life since: it is off, or the server holds back what it wrote. */
  isOverdue: z.boolean(),
});
export type DeviceInfo = z.output<typeof deviceInfo>;

/** A page of a longer list. */
export const page = { offset: count, limit: z.int().min(1).max(1000) };

export const sortKey = z.enum(['name', 'size', 'time']);

export const browsed = z.object({ entries: z.array(vaultEntry), total: count });

/** What held deletions would take. `direction`: whose deletion it was (`up`: in the folder here). */
export const heldItem = z.object({
  path: z.string(),
  direction: z.enum(['up', 'down']),
  kind: z.enum(['file', 'folder']),
}) satisfies z.ZodType<HeldItem>;

export const issueRef = z.strictObject({ pair: idField<PairId>(), issue: text.min(1) });

export const bulkOutcome = z.object({
  done: count,
  failures: z.array(z.object({ pair: idField<PairId>(), issue: z.string(), failure })),
});

/** Bytes a second over all pairs at a moment; moments in which nothing moved are left out. */
export const throughputSample = z.object({ time: wallTime, up: count, down: count });
export type ThroughputSample = z.output<typeof throughputSample>;

/** A report for whoever helps: versions, states, counts and the log's end, without names, paths, addresses or secrets. */
export const diagnostics = z.object({ fileName: z.string(), text: z.string() });
