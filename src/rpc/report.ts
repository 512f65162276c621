import { z } from 'zod';
import type { DeviceId, NodeId, PairId, RevisionId, VaultId } from '../common/ids.ts';
import type {
  ActivityItem,
  DeselectedNode,
  HeardDevice,
  Issue,
  MessageKind,
  PairStatus,
  PlanPreview,
  TrashItem,
  VaultEntry,
  VerifyReport,
  VersionInfo,
  Why,
} from '../model/status.ts';
import { securityCode } from './failure.ts';
import { count, idField, saidBytes, wallTime } from './fields.ts';

/** Validators of the model's reports; each is checked against the type that it stands for. */

export const pairState = z.enum([
  'frozen',
  'root-missing',
  'paused',
  'offline',
  'needs-attention',
  'scanning',
  'syncing',
  'up-to-date',
]);

const messageKind = z.enum(['issue-count', 'issue', 'other']) satisfies z.ZodType<MessageKind>;

const transfer = z.object({
  filesDone: count,
  filesTotal: count,
  bytesDone: saidBytes,
  bytesTotal: saidBytes,
  bytesPerSecond: z.number().min(0),
});

const heardDevice = z.object({
  device: idField<DeviceId>(),
  deviceName: z.string(),
  lastHeardAt: wallTime,
  isOverdue: z.boolean(),
}) satisfies z.ZodType<HeardDevice>;

export const pairStatus = z.object({
  pair: idField<PairId>(),
  vault: idField<VaultId>(),
  vaultName: z.string(),
  folder: z.string(),
  state: pairState,
  message: z.string(),
  up: transfer,
  down: transfer,
  pending: count,
  held: count,
  issues: count,
  files: count,
  folders: count,
  seq: count,
  serverSeq: count,
  lastSyncedAt: wallTime.nullable(),
  // Missing in what an earlier version kept, as are those below.
  messageKind: messageKind.default('other'),
  heard: z.array(heardDevice).readonly().default([]),
  since: wallTime.nullable().default(null),
  lastConflict: z.object({ at: wallTime, folder: z.string() }).nullable().default(null),
}) satisfies z.ZodType<PairStatus>;

export const issue = z.object({
  id: z.string(),
  kind: z.enum([
    'held-deletes',
    'security',
    'root',
    'vault-gone',
    'too-old',
    'file-blocked',
    'name-not-syncable',
    'name-changed-here',
    'skipped',
    'ignore-rules',
    'disk-full',
    'quota',
    'unwatched',
    'void-operation',
  ]),
  message: z.string(),
  node: idField<NodeId>().nullable(),
  path: z.string().nullable(),
  choices: z.array(z.string()),
  createdAt: wallTime,
  security: securityCode.nullable(),
  isInformational: z.boolean(),
}) satisfies z.ZodType<Issue>;

export const planPreview = z.object({
  counts: z.object({
    up: count,
    down: count,
    deletes: count,
    moves: count,
    conflicts: count,
    held: count,
    bytesUp: saidBytes,
    bytesDown: saidBytes,
  }),
  lines: z.array(
    z.object({
      direction: z.enum(['up', 'down', 'settle', 'held']),
      operation: z.string(),
      path: z.string(),
      rule: z.string(),
    }),
  ),
}) satisfies z.ZodType<PlanPreview>;

export const vaultEntry = z.object({
  node: idField<NodeId>(),
  path: z.string(),
  name: z.string(),
  kind: z.enum(['file', 'folder']),
  size: count,
  mtimeUs: z.number(),
  revision: idField<RevisionId>().nullable(),
  isDeleted: z.boolean(),
}) satisfies z.ZodType<VaultEntry>;

export const deselectedNode = z.object({
  node: idField<NodeId>(),
  path: z.string(),
  kind: z.enum(['file', 'folder']),
}) satisfies z.ZodType<DeselectedNode>;

export const versionInfo = z.object({
  revision: idField<RevisionId>(),
  seq: count,
  time: wallTime,
  device: idField<DeviceId>(),
  deviceName: z.string(),
  size: count,
  mtimeUs: z.number(),
  isCurrent: z.boolean(),
}) satisfies z.ZodType<VersionInfo>;

export const activityItem = z.object({
  batch: z.string(),
  seq: count,
  time: wallTime,
  device: idField<DeviceId>(),
  deviceName: z.string(),
  changes: z.array(
    z.object({ what: z.string(), kind: z.enum(['file', 'folder']), path: z.string(), from: z.string().nullable() }),
  ),
  changeCount: count,
}) satisfies z.ZodType<ActivityItem>;

export const why = z.object({
  path: z.string(),
  node: idField<NodeId>().nullable(),
  local: z.string(),
  remote: z.string(),
  synced: z.string(),
  rule: z.string(),
  lastError: z.string().nullable(),
  nextTry: wallTime.nullable(),
}) satisfies z.ZodType<Why>;

export const trashItem = z.object({
  batch: z.string(),
  copy: count,
  path: z.string(),
  size: saidBytes,
  deletedAt: wallTime,
  where: z.enum(['local', 'vault']),
}) satisfies z.ZodType<TrashItem>;

export const verifyReport = z.object({
  nodes: count,
  revisions: count,
  objects: count,
  bytes: count,
  problems: z.array(z.object({ path: z.string(), problem: z.string() })),
}) satisfies z.ZodType<VerifyReport>;
