import type { AccountId, DeviceId, ObjectId, VaultId } from '../common/ids.ts';
import type { Checkpoint, Entry, Head, SignedEvent, SignedRecord, StoredEntry } from '../wire/types.ts';

/**
 * Everything the server knows but the objects' bytes. A port: SQLite by default, a shared database at scale.
 *
 * Contract:
 * - Each call is atomic, and durable before it resolves: what it answered survives a crash at any moment after.
 * - Calls that write may share one commit; one that fails leaves the others alone.
 * - Compare-and-swap: of several calls that expect the same head, one is `done`, the others are `moved`.
 * - It judges no signature and no format; callers have done so. It checks heads, uniqueness, objects and quota.
 * - Byte arrays given are not changed; byte arrays answered belong to the caller.
 * - Times are milliseconds since 1970 UTC.
 */
export interface MetadataStore {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly vaults: VaultStore;
  readonly objects: ObjectIndex;
  /** A number greater than at any start before. */
  readonly start: number;
  /** 32 random bytes, made once, for this server's own use. */
  readonly secret: Uint8Array;
  close(): Promise<void>;
}

export interface NewAccount {
  readonly account: AccountId;
  readonly email: string;
  readonly record: SignedRecord;
  readonly events: readonly StoredEvent[];
  readonly now: number;
}

export interface StoredEvent extends SignedEvent {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** A change of the chain: it follows `expected`, and takes its record or vault along. */
export interface ChainChange {
  readonly account: AccountId;
  readonly expected: Head;
  readonly event: StoredEvent;
}

export interface AccountStore {
  create(account: NewAccount): Promise<'done' | 'exists' | 'email-taken'>;
  byEmail(email: string): Promise<AccountId | null>;
  record(account: AccountId): Promise<SignedRecord | null>;
  /** Null: no such account. */
  head(account: AccountId): Promise<Head | null>;
  /** In order, from `after` + 1; at least one if there is one, then while all together have at most `maxBytes`. */
  events(account: AccountId, after: number, limit: PageLimit): Promise<StoredEvent[]>;
  /** With a record, that one becomes the newest, and its e-mail the account's. */
  append(
    change: ChainChange,
    record?: { readonly signed: SignedRecord; readonly email: string },
  ): Promise<'done' | 'moved' | 'email-taken'>;
  /** Its e-mail, record, chain and sessions are gone at once, as if it had never been; its vaults go by `removeForsaken`. */
  remove(account: AccountId): Promise<'done' | 'missing'>;
  /** Bytes that count against the quota, each object with `objectOverheadBytes`. */
  used(account: AccountId): Promise<number>;
  /** Part of `used` that expires. Takes time in proportion. */
  pending(account: AccountId): Promise<number>;
}

export interface PageLimit {
  readonly maxBytes: number;
  readonly maxCount: number;
}

export interface StoredSession {
  /** SHA-256 of the token. */
  readonly tokenHash: Uint8Array;
  readonly account: AccountId;
  /** The Ed25519 key that it was opened for. */
  readonly devicePublic: Uint8Array;
  readonly expires: number;
}

export interface SessionStore {
  /** Keeps nothing for an account that does not exist, such as one removed while somebody signed in. */
  put(session: StoredSession): Promise<void>;
  find(tokenHash: Uint8Array): Promise<StoredSession | null>;
  remove(tokenHash: Uint8Array): Promise<void>;
  /** All of one device key, or all of the account but that key's. */
  removeOf(account: AccountId, devicePublic: Uint8Array, which: 'this' | 'others'): Promise<void>;
  /** Answers how many went. */
  removeExpired(now: number): Promise<number>;
}

/** What the next entry of a vault is judged by. */
export interface VaultState {
  readonly vault: VaultId;
  readonly account: AccountId;
  readonly head: Head;
  readonly epoch: number;
  /** Account position of the entry that began the epoch. */
  readonly epochPosition: number;
  /** Account position of the latest entry. */
  readonly accountPosition: number;
  readonly objects: number;
  readonly bytes: number;
  readonly checkpointSeq: number;
}

/** What an entry makes of its vault's state. */
export interface EntryRow {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly device: DeviceId;
  readonly deviceSeq: number;
  readonly epoch: number;
  readonly accountPosition: number;
  readonly entry: Entry;
  /** Given if it begins an epoch. */
  readonly grants: Uint8Array | null;
}

export interface AppendEntry {
  readonly vault: VaultId;
  readonly expected: Head;
  readonly row: EntryRow;
  /** Objects that came with it; recorded first, also if the swap is lost. */
  readonly objects: readonly NewObject[];
  readonly quota: number | null;
  /** When objects that came with it go if they are not retained, and when those released go. */
  readonly unreferencedUntil: number;
  readonly releasedUntil: number;
}

/** `missing`: there is no such vault any more; nothing was changed. */
export type AppendResult =
  | { readonly status: 'done' | 'moved' | 'quota' | 'missing' }
  | { readonly status: 'objects-missing'; readonly missing: readonly ObjectId[] };

export interface VaultStore {
  /** Vault and event: both or none. `moved`: the account's chain has. */
  create(change: ChainChange, vault: VaultId, row: EntryRow, now: number): Promise<'done' | 'moved' | 'exists'>;
  /** From then on it belongs to no account and counts for no quota; what it holds goes by `removeForsaken`. */
  remove(account: AccountId, vault: VaultId): Promise<'done' | 'missing'>;
  state(vault: VaultId): Promise<VaultState | null>;
  ofAccount(account: AccountId): Promise<VaultState[]>;
  /** This device's entries so far; 0 if none. */
  deviceSeq(vault: VaultId, device: DeviceId): Promise<number>;
  entryHash(vault: VaultId, seq: number): Promise<Uint8Array | null>;
  /** As `AccountStore.events`, by sealed bytes. */
  entries(vault: VaultId, after: number, limit: PageLimit, withLists: boolean): Promise<StoredEntry[]>;
  /**
   * Appends if the log ends at `expected` and all retained objects are held. Those retained no longer expire; those
   * released do, unless a checkpoint lists them.
   */
  append(entry: AppendEntry): Promise<AppendResult>;
  grants(vault: VaultId, epoch: number): Promise<Uint8Array | null>;
  checkpoint(vault: VaultId): Promise<Checkpoint | null>;
  /** Replaces the latest; its pages no longer expire, those that only the former one listed do. */
  putCheckpoint(
    vault: VaultId,
    seq: number,
    checkpoint: Checkpoint,
    releasedUntil: number,
  ): Promise<AppendResult | { readonly status: 'old' }>;
  /**
   * For vaults that were removed, or whose account was: expires up to `limit` objects, forgets up to `limit` entries, and forgets the
   * vaults that have neither. Answers how much it did: 0 once only expired objects are left.
   */
  removeForsaken(now: number, limit: number): Promise<number>;
}

/** Where an object's bytes are in the object store; only that store reads it. */
export interface Place {
  /** Number of a file; never used twice. */
  readonly file: number;
  /** Within it; 0 if the file holds this object alone. */
  readonly offset: number;
  /** Sealed bytes. */
  readonly length: number;
  /** CRC-32 of them. */
  readonly crc: number;
}

export interface ObjectKey {
  readonly vault: VaultId;
  readonly id: ObjectId;
}

export interface NewObject {
  readonly id: ObjectId;
  readonly place: Place;
}

export interface PlacedObject extends ObjectKey {
  readonly place: Place;
}

export interface ObjectIndex {
  /** Those of `ids` that are held. */
  find(vault: VaultId, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Place>>;
  /**
   * Records objects that are in the object store already. Ids that are held stay as they are and count as `spare`. `missing`:
   * as in `AppendResult`.
   */
  add(
    vault: VaultId,
    objects: readonly NewObject[],
    options: { readonly quota: number | null; readonly unreferencedUntil: number },
  ): Promise<
    { readonly status: 'done'; readonly spare: readonly NewObject[] } | { readonly status: 'quota' | 'missing' }
  >;
  /** Forgets up to `limit` objects whose time is over, and answers where they were. Their bytes go after. */
  removeExpired(now: number, limit: number): Promise<PlacedObject[]>;
  /** Live bytes in each shared file. */
  packs(): Promise<{ readonly file: number; readonly bytes: number }[]>;
  /** In order of their offsets: up to `limit` of those that lie behind `after`. */
  inFile(file: number, after: number, limit: number): Promise<PlacedObject[]>;
  /** Whether each of these is where it is said to be. */
  isPlaced(objects: readonly { readonly key: ObjectKey; readonly file: number }[]): Promise<boolean[]>;
  /** Those whose place is still `from` are at `to` now. */
  move(moves: readonly { readonly key: ObjectKey; readonly from: Place; readonly to: Place }[]): Promise<void>;
}
