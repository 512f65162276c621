import { z } from 'zod';
import type { AccountId, DeviceId, ObjectId, VaultId } from '../common/ids.ts';
import {
  bytesField,
  countField,
  exactBytesField,
  hashField,
  idField,
  idsField,
  publicKeyField,
  signatureField,
  tokenField,
} from './field.ts';
import {
  maxBatchObjects,
  maxCheckpointBodyBytes,
  maxCheckpointBoxBytes,
  maxCiphertextBytes,
  maxEventBytes,
  maxExistsIds,
  maxGrantsBytes,
  maxHeaderBytes,
  maxListIds,
  maxPageCount,
  maxRecordBytes,
  maxVaultsPerAccount,
} from './limits.ts';

/**
 * What travels as JSON. Signed and sealed things are byte strings here; FORMAT.md says what is in them. Requests are
 * strict: an unknown field is refused. Replies are not: a reader drops what it does not know.
 */

export const accountId = idField<AccountId>();
export const deviceId = idField<DeviceId>();
export const vaultId = idField<VaultId>();
export const objectId = idField<ObjectId>();

/** Where a log or chain ends: seq of its last element, and that element's hash. `seq` 0 has a hash of zeros. */
export const head = z.object({ seq: countField(), hash: hashField() });

/** FORMAT.md 7.2: the account record and the identity key's signature. */
export const signedRecord = z.object({ body: bytesField(maxRecordBytes), signature: signatureField() });

/** FORMAT.md 7.3. `deviceSignature` goes with `device-add` and with nothing else. */
export const signedEvent = z.object({
  event: bytesField(maxEventBytes),
  signature: signatureField(),
  deviceSignature: signatureField().nullable(),
});

/** FORMAT.md 8.1. */
export const entry = z.object({
  header: bytesField(maxHeaderBytes),
  signature: signatureField(),
  ciphertext: bytesField(maxCiphertextBytes),
  retained: idsField(maxListIds),
  released: idsField(maxListIds),
});

/** An entry as read back: the lists only when asked for. */
export const storedEntry = z.object({
  header: bytesField(maxHeaderBytes),
  signature: signatureField(),
  ciphertext: bytesField(maxCiphertextBytes),
  retained: idsField(maxListIds).nullable(),
  released: idsField(maxListIds).nullable(),
});

/** FORMAT.md 12. `pages` in the order of `objectsHash`: sorted, unique. */
export const checkpoint = z.object({
  body: bytesField(maxCheckpointBodyBytes),
  signature: signatureField(),
  box: bytesField(maxCheckpointBoxBytes),
  pages: idsField(maxListIds),
});

/** FORMAT.md 7.1, Argon2id. */
export const kdf = z.object({
  memoryKiB: countField(),
  passes: countField(),
  lanes: countField(),
  salt: exactBytesField(16),
});

export const preloginRequest = z.strictObject({ email: z.string().min(3).max(254) });
/** Unknown e-mails get an account and kdf too, always the same ones. */
export const preloginReply = z.object({ account: accountId, kdf });

/** Events: genesis, device-add of the first device, record 1. The e-mail and login keys are in the record. */
export const signupRequest = z.strictObject({
  record: signedRecord,
  events: z.array(signedEvent).length(3),
  invite: z.string().max(128).nullable(),
});
export const signupReply = z.object({ account: accountId, chain: head });

export const challengeReply = z.object({
  nonce: exactBytesField(32),
  /** Milliseconds from now. */
  lifetime: countField(),
});

export const loginMethod = z.enum(['password', 'recovery', 'device']);
/** FORMAT.md 7.4. The server fills in e-mail and kdfHash from the record that it holds. */
export const loginRequest = z.strictObject({
  method: loginMethod,
  origin: z.string().max(300),
  serverNonce: exactBytesField(32),
  clientNonce: exactBytesField(32),
  account: accountId,
  devicePublic: publicKeyField(),
  signature: signatureField(),
});
/**
 * `device` is null until a `device-add` for `devicePublic` is in the chain; until then the session reaches the account's
 * record and chain only. It ends with the device's revocation.
 */
export const loginReply = z.object({
  token: tokenField(),
  account: accountId,
  device: deviceId.nullable(),
  /** Milliseconds from now. */
  lifetime: countField(),
});

export const accountRecordReply = z.object({ record: signedRecord, chain: head });
/** The next version and the `record` event that pins it: both or neither. */
export const putRecordRequest = z.strictObject({ record: signedRecord, event: signedEvent });

export const afterQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });
export const chainReply = z.object({ events: z.array(signedEvent).max(maxPageCount), head, isLast: z.boolean() });
/** `device-add` or `device-revoke`; a record or vault comes by its own route. */
export const appendEventRequest = z.strictObject({ event: signedEvent });
export const chainHeadReply = z.object({ head });

/** Genesis entry (it retains nothing), grants of epoch 1, and the `vault-add` event: all or none. */
export const createVaultRequest = z.strictObject({ entry, grants: bytesField(maxGrantsBytes), event: signedEvent });
export const createVaultReply = z.object({ head, chain: head });

export const vaultSummary = z.object({
  vault: vaultId,
  head,
  epoch: countField(),
  /** Objects held, and their sealed bytes. */
  objects: countField(),
  bytes: countField(),
  /** Seq of the latest checkpoint; 0 without one. */
  checkpointSeq: countField(),
});
export const vaultsReply = z.object({ vaults: z.array(vaultSummary).max(maxVaultsPerAccount) });

export const logQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  /** Sealed bytes and entries to answer at most; the server's own limits hold besides. */
  bytes: z.coerce.number().int().min(1).optional(),
  count: z.coerce.number().int().min(1).optional(),
  /** Whether to include the lists of retained and released objects. */
  lists: z.enum(['0', '1']).default('0'),
});
/** Entries follow `after` without a gap; `isLast` if they reach `head`. */
export const logReply = z.object({ entries: z.array(storedEntry).max(maxPageCount), head, isLast: z.boolean() });

/** First frame of an append. Grants go with an entry that begins an epoch, and with no other. */
export const appendEntry = z.strictObject({ entry, grants: bytesField(maxGrantsBytes).nullable() });
export const appendReply = z.object({ head });

export const grantsReply = z.object({ grants: bytesField(maxGrantsBytes) });

export const putCheckpointRequest = z.strictObject({ checkpoint });
export const checkpointReply = z.object({ checkpoint });

export const putObjectsReply = z.object({ stored: countField() });
export const getObjectsRequest = z.strictObject({ ids: idsField(maxBatchObjects) });
export const existsRequest = z.strictObject({ ids: idsField(maxExistsIds) });
export const existsReply = z.object({ held: idsField(maxExistsIds) });

/** In bytes, each object counted with its overhead. `limit` null: none. */
export const quotaReply = z.object({
  limit: countField().nullable(),
  used: countField(),
  /** Part of `used` that is no longer needed and goes when its grace period is over. */
  pending: countField(),
});

export const emptyReply = z.object({});
export const healthReply = z.object({ status: z.literal('ok'), api: z.array(countField()), revision: countField() });

/** Data of an event named `vault`: that vault is at this seq at least. A hint; the log decides. */
export const vaultHint = z.object({ vault: vaultId, seq: countField() });
/** Data of an event named `account`: the account chain is at this seq at least. */
export const accountHint = z.object({ seq: countField() });
