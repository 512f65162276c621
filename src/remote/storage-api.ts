import type { AccountId, DeviceId, ObjectId, VaultId } from '../common/ids.ts';
import type {
  Checkpoint,
  Entry,
  Head,
  Kdf,
  LoginMethod,
  SignedEvent,
  SignedRecord,
  StoredEntry,
  VaultSummary,
} from '../wire/types.ts';

/**
 * The storage API as the client sees it: a dumb, possibly hostile store. Nothing that it answers is believed; callers
 * verify signatures, hashes and seals. The implementation guarantees of each answer only that it has the declared shape
 * and size.
 *
 * All calls:
 * - reject with a `HoldfastError`: `offline` (not reachable, overloaded; `retryAfter` if known; retries are used up),
 *   `refused` (reason `session`: sign in again; `login`, `device`, …), `missing`, `conflict`, `limit` (reason `quota`,
 *   `too-large`), `security` (`E_LIMIT` or `E_AUTH`: the answer is malformed, too large, or not what was asked for),
 *   `usage`, `version`. An aborted call rejects with `signal.reason`.
 * - are idempotent: repeated with the same arguments after a lost reply, they answer as the first time. The
 *   implementation repeats them by itself while that can help.
 * - leave their arguments alone, and keep no reference to byte arrays after they settled.
 */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** For calls that carry objects. */
export interface TransferOptions extends CallOptions {
  /**
   * Told of bytes of bodies as they go over the line: each counts once, however often a request is repeated. What arrives or
   * leaves in one piece need not be told of.
   */
  readonly onMoved?: (bytes: number) => void;
  /** It carries nothing but what is small: it need not wait for the line behind bodies that are not. */
  readonly isLight?: boolean;
}

interface SignupRequest {
  readonly record: SignedRecord;
  /** Genesis, device-add, record 1. */
  readonly events: readonly SignedEvent[];
  /** For servers that are not open to everyone. */
  readonly invite?: string;
}

/** What the person's or device's key has to sign over (FORMAT.md 7.4). */
export interface LoginAnswer {
  readonly method: LoginMethod;
  readonly account: AccountId;
  readonly origin: string;
  readonly serverNonce: Uint8Array;
  readonly clientNonce: Uint8Array;
  readonly devicePublic: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Session {
  /** Bearer token; secret. */
  readonly token: string;
  readonly account: AccountId;
  /** Null while the device is not in the account chain: the session then reaches record and chain only. */
  readonly device: DeviceId | null;
  /** Milliseconds that it lasts from now. */
  readonly lifetime: number;
}

/** Calls that need no session. */
interface LoginApi {
  /** The URL origin that was dialled, for the login message. */
  readonly origin: string;
  /** Never `missing`: unknown e-mails get an answer that looks like others. Check the parameters before use. */
  prelogin(email: string, options?: CallOptions): Promise<{ readonly account: AccountId; readonly kdf: Kdf }>;
  /** `conflict` with reason `email-taken` or `exists`; `refused` with reason `signup-closed`. */
  signup(request: SignupRequest, options?: CallOptions): Promise<{ readonly chain: Head }>;
  /** A server nonce, good once. */
  challenge(options?: CallOptions): Promise<Uint8Array>;
  /** `refused` with reason `login`, whatever was wrong. Not repeated by itself: a nonce is good once. */
  login(answer: LoginAnswer, options?: CallOptions): Promise<Session>;
}

/** Result of a compare-and-swap on the account chain. `events`: what was missed, if it was little enough to send. */
export type ChainOutcome =
  | { readonly status: 'done'; readonly head: Head }
  | { readonly status: 'moved'; readonly head: Head; readonly events: readonly SignedEvent[] };

/** Calls on the account: any session. */
export interface AccountApi {
  getRecord(options?: CallOptions): Promise<{ readonly record: SignedRecord; readonly chain: Head }>;
  /** The next version and the `record` event that pins it, together. */
  putRecord(record: SignedRecord, event: SignedEvent, options?: CallOptions): Promise<ChainOutcome>;
  /** Events after `after`, in order; one page. Go on until `isLast`. */
  getChain(after: number, options?: CallOptions): Promise<ChainPage>;
  /** A `device-add` or `device-revoke`. */
  appendEvent(event: SignedEvent, options?: CallOptions): Promise<ChainOutcome>;
  logout(options?: CallOptions): Promise<void>;
  /**
   * The account with all its vaults, for good: by the session of a live device, opened by the password some minutes ago at
   * most (else `refused` with reason `password`). Not repeated by itself: with the account the session is gone.
   */
  deleteAccount(options?: CallOptions): Promise<void>;
}

interface ChainPage {
  readonly events: readonly SignedEvent[];
  readonly head: Head;
  readonly isLast: boolean;
}

export interface LogPage {
  /** Without a gap from `after` + 1. */
  readonly entries: readonly StoredEntry[];
  /** Where the log ends now; a claim, until the entries are there. */
  readonly head: Head;
  readonly isLast: boolean;
}

interface LogOptions extends CallOptions {
  /** At most about so many sealed bytes, one entry at least. */
  readonly maxBytes?: number;
  readonly maxCount?: number;
  /** Include the lists of retained and released objects; default no. */
  readonly withLists?: boolean;
}

/**
 * Result of an append. `moved`: someone else's entry is at that seq; `entries` are those from the seq tried on, if they
 * were small enough to send, else empty. `objects-missing`: the server lacks these; put them and append the same entry.
 */
export type AppendOutcome =
  | { readonly status: 'done'; readonly head: Head }
  | { readonly status: 'moved'; readonly head: Head; readonly entries: readonly StoredEntry[] }
  | { readonly status: 'objects-missing'; readonly missing: readonly ObjectId[] };

export interface AppendOptions extends CallOptions {
  /** For an entry that begins an epoch, and for no other. */
  readonly grants?: Uint8Array;
  /** New objects that the entry retains, stored before it in the same request; `maxAppendBytes` together at most. */
  readonly objects?: readonly SealedObject[];
}

export interface SealedObject {
  readonly id: ObjectId;
  readonly bytes: Uint8Array;
}

/** `bytes` null: the server says that it does not hold it, which is never taken for a deletion. */
export interface FetchedObject {
  readonly id: ObjectId;
  readonly bytes: Uint8Array | null;
}

export interface Quota {
  /** Null: none. */
  readonly limit: number | null;
  readonly used: number;
  /** Part of `used` that goes when its grace period is over. */
  readonly pending: number;
}

/** Calls on vaults and their objects: the session of a live device. */
export interface VaultApi {
  /** Genesis entry, grants of epoch 1 and the account's `vault-add` event, all or none. `moved`: the account chain did. */
  createVault(entry: Entry, grants: Uint8Array, event: SignedEvent, options?: CallOptions): Promise<ChainOutcome>;
  listVaults(options?: CallOptions): Promise<readonly VaultSummary[]>;
  /** A vault with all that it stores, for good: by a session as for `deleteAccount`. */
  deleteVault(vault: VaultId, options?: CallOptions): Promise<void>;
  /** Entries after `after`; one page. Go on until `isLast`. */
  getLog(vault: VaultId, after: number, options?: LogOptions): Promise<LogPage>;
  /** Durable, with all that it retains, when it answers `done`. */
  appendEntry(vault: VaultId, entry: Entry, options?: AppendOptions): Promise<AppendOutcome>;
  getGrants(vault: VaultId, epoch: number, options?: CallOptions): Promise<Uint8Array>;
  /** The latest; null without one. */
  getCheckpoint(vault: VaultId, options?: CallOptions): Promise<Checkpoint | null>;
  /** Its pages are put before. `conflict` with reason `checkpoint-old` if there is a later one. */
  putCheckpoint(vault: VaultId, checkpoint: Checkpoint, options?: CallOptions): Promise<void>;
  /**
   * Stores objects, durable when it answers; split into as many requests as needed. `refused` with reason
   * `object-differs` if an id is taken by other bytes: seal anew under a new id. Nothing reads the bytes any more once it
   * resolves; after a failure it is not known.
   */
  putObjects(vault: VaultId, objects: readonly SealedObject[], options?: TransferOptions): Promise<void>;
  /**
   * Each id once, in the order asked for. Split into requests of `maxBatchBytes`; the next one is made while a batch is
   * consumed, and no more. The bytes are the consumer's to keep; with `areWindows` they may share the memory of all that came
   * with them: for whoever needs them all, and not for long. Breaking out of the loop cancels.
   */
  getObjects(
    vault: VaultId,
    ids: readonly ObjectId[],
    options?: TransferOptions & { readonly areWindows?: boolean },
  ): AsyncIterable<FetchedObject>;
  /** One object, or `range` of it (end exclusive). `missing` if the server does not hold it. */
  getObject(
    vault: VaultId,
    id: ObjectId,
    options?: CallOptions & { readonly range?: { readonly start: number; readonly end: number } },
  ): Promise<Uint8Array>;
  /** Which of these, all made by this device, the server holds: to resume an upload. */
  heldObjects(vault: VaultId, ids: readonly ObjectId[], options?: CallOptions): Promise<ReadonlySet<ObjectId>>;
  quota(options?: CallOptions): Promise<Quota>;
}

/** A hint, never data: something has grown to `seq` at least, or the stream's state changed. */
export type Hint =
  | { readonly type: 'vault'; readonly vault: VaultId; readonly seq: number }
  | { readonly type: 'account'; readonly seq: number }
  /** Each time the stream is open; hints with all current heads follow. */
  | { readonly type: 'connected' }
  /** Hints may be missing from now on; it reconnects by itself. */
  | { readonly type: 'disconnected' };

interface EventsApi {
  /** Hints until `signal` aborts or the session is refused, over all reconnects. */
  hints(signal: AbortSignal, listener: (hint: Hint) => void): Promise<void>;
}

export interface StorageApi extends LoginApi, AccountApi, VaultApi, EventsApi {
  /** What a question with a short answer takes at least, milliseconds, as seen so far; 0 before the first one. */
  roundTrip(): number;
  /** Ends all calls under way. */
  close(): Promise<void>;
}
