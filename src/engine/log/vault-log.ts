import type { Clock } from '../../common/clock.ts';
import type { DeviceId, NodeId, ObjectId, Random, VaultId } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { Index, IndexWriter } from '../../db/index-port.ts';
import type { LogPage, SealedObject, StorageApi } from '../../remote/storage-api.ts';
import type { AccountKeys } from '../../vault/account-keys.ts';
import type { Author } from '../../vault/author.ts';
import { assertNotFrozen } from '../../vault/freeze.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import { checkLogEnd, checkPinned, type LogPosition, type PinnedPlace } from '../../vault/position.ts';
import type { OpenedEntry, RawEntry } from '../../vault/replay.ts';
import { sealEntry } from '../../vault/seal-entry.ts';
import type { EntryDraft } from '../../vault/split-operations.ts';
import type { AppliedOperation } from '../../vault/tree-rules.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { agreeOnOwn } from '../up/agree-on-own.ts';
import { type SealedAhead, sealEntries } from '../up/seal-ahead.ts';
import { type ApplyOptions, applyEntry } from './apply-entry.ts';
import { type Heard, hear, heardAtLeast } from './heard-devices.ts';
import { openFetched } from './open-fetched.ts';
import { type ReplayParts, replayEntries } from './replay-entries.ts';
import { openStanding, type PositionPin, setGrants } from './standing.ts';

/** The unlocked account, and its verified chain. */
export interface AccountAccess {
  readonly keys: AccountKeys;
  /** This device as author, under the newest chain verified so far. */
  author(): Author;
  /** Fetches and verifies what the chain has gained. Throws `security`, which freezes the account. */
  refresh(signal?: AbortSignal): Promise<Author>;
  /** Refreshes, if that was not done since this process began, or since the server said that the chain has grown (F-EPOCH-4). */
  refreshIfDue(signal?: AbortSignal): Promise<void>;
}

export interface VaultLogOptions {
  readonly vault: VaultId;
  readonly index: Index;
  readonly storage: Pick<StorageApi, 'getLog' | 'appendEntry' | 'getGrants'>;
  readonly account: AccountAccess;
  readonly pin: PositionPin;
  readonly contentCrypto: (ring: KeyRing) => ContentCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export type AppendResult =
  | { readonly status: 'done'; readonly seq: number }
  /** Someone else was first: what they wrote is applied; `touched` are the nodes that it changed. */
  | { readonly status: 'moved'; readonly touched: ReadonlySet<NodeId> }
  | { readonly status: 'objects-missing' };

/** What goes with an entry into the index, in one transaction: either the entry is there and all of that, or none of it yet. */
export interface AppendOptions extends Pick<ApplyOptions, 'agreed' | 'tree'> {
  readonly signal: AbortSignal;
  readonly objects?: readonly SealedObject[];
  readonly onApplied: (write: IndexWriter, applied: readonly AppliedOperation[]) => void;
}

/** The vault's change log at its verified position: pulled, replayed into the index, and appended to. */
export interface VaultLog {
  readonly position: LogPosition;
  readonly device: DeviceId;
  /** This device as author, under the newest account chain verified so far. */
  readonly author: Author;
  readonly crypto: ContentCrypto;
  readonly keyRing: KeyRing;
  /** The newest position verified before the log was opened, which a lost index does not know. */
  readonly pinned: PinnedPlace | null;
  readonly heard: Heard;
  /** Entries of the server that were applied since the log was opened, be it on the way to an append. */
  readonly entriesHeard: number;
  /** Sealed bytes of entries applied since the last checkpoint, about. */
  readonly bytesSinceCheckpoint: number;
  /** Applies all that the server has. Throws `security` and freezes, or `offline`, `refused`… */
  pull(signal: AbortSignal): Promise<void>;
  /** Seals and appends one entry. */
  append(draft: EntryDraft, options: AppendOptions): Promise<AppendResult>;
  /** For contents of a state that is not adopted yet. */
  cryptoUnder(keyRing: KeyRing): ContentCrypto;
  /** Takes over a verified state; `complete` runs in the transaction that stores the position. */
  adoptState(position: LogPosition, keyRing: KeyRing, complete: (write: IndexWriter) => void): void;
  /** The server has a checkpoint of this seq. */
  noteCheckpoint(seq: number): void;
  /** Stores the security stop that `error` is, if it is one that freezes the vault, and throws it. */
  freeze(error: unknown): never;
  rememberGrants(epoch: number, grants: Uint8Array): void;
}

type OnTouched = (node: NodeId) => void;

export function openVaultLog(options: VaultLogOptions): VaultLog {
  const { vault, index, storage, account, clock, random, logger } = options;
  const read = index.read;

  const standing = openStanding(options);
  let crypto: ContentCrypto | null = null;
  let entriesHeard = 0;
  const seen = standing.pinned?.seq ?? 0;

  /** Of the key that the vault's first entry brought, once that was read. */
  const currentCrypto = (): ContentCrypto => {
    crypto ??= options.contentCrypto(standing.now.keyRing);
    return crypto;
  };

  const apply = (
    opened: OpenedEntry,
    write: IndexWriter,
    options: Omit<ApplyOptions, 'crypto'>,
  ): AppliedOperation[] => {
    const applied = applyEntry({ read, write }, opened, clock.now(), { ...options, crypto: currentCrypto() });
    for (const each of applied) {
      const { seq } = opened.stamp;
      if (each.status === 'void') logger.log('warn', 'void operation in the log', { vault, seq, reason: each.reason });
    }
    return applied;
  };

  const openNext = async (raw: RawEntry, at: LogPosition, ring: KeyRing, signal: AbortSignal): Promise<OpenedEntry> => {
    const { opened, grants } = await openFetched({ account, storage, signal }, at, ring, raw);
    checkPinned(standing.pinned, opened.position);
    if (grants !== undefined) standing.rememberGrants(opened.header.epoch, grants);
    return opened;
  };

  /** The vault's first entry brings the key that rows are sealed under. */
  const sealAhead = (entries: readonly OpenedEntry[], ring: KeyRing): Promise<SealedAhead> =>
    sealEntries(standing.now.keyRing.epochs.size > 0 ? currentCrypto() : options.contentCrypto(ring), entries);

  const replay = async (entries: readonly RawEntry[], onTouched: OnTouched, signal: AbortSignal): Promise<void> => {
    const before = standing.now.position.seq;
    const parts: ReplayParts = {
      standing,
      clock,
      open: (raw, at, ring) => openNext(raw, at, ring, signal),
      sealAhead,
      apply: (opened, write, sealedAhead) => {
        const changed = new Set<NodeId>();
        apply(opened, write, { sealedAhead, onTouched: (node) => changed.add(node) });
        if (opened.stamp.deviceId === account.author().device) agreeOnOwn(read, write, changed);
        for (const node of changed) onTouched(node);
      },
    };
    try {
      await replayEntries(parts, entries);
    } finally {
      entriesHeard += standing.now.position.seq - before;
    }
  };

  const pull = async (signal: AbortSignal, onTouched: OnTouched): Promise<void> => {
    assertNotFrozen(standing.now.position);
    const pageAfter = (seq: number): Promise<LogPage> => storage.getLog(vault, seq, { signal });
    const before = standing.now.position.seq;
    let isLoading = false;
    try {
      for (let next: Promise<LogPage> | null = pageAfter(before); next !== null; ) {
        const page: LogPage = await next;
        const { position } = standing.now;
        const given = position.seq + page.entries.length;
        const isLast = page.isLast || page.entries.length === 0;
        try {
          checkLogEnd(position, page.head);
          // Where it says that the log ends counts for nothing without the entries up to there.
          if (isLast && given < seen) checkLogEnd({ ...position, seq: seen }, { ...page.head, seq: given });
        } catch (error) {
          standing.freeze(error);
        }
        // It comes while this one is replayed. What becomes of it does not matter if that fails.
        next = isLast ? null : pageAfter(given);
        next?.catch(() => undefined);
        await replay(page.entries.map(asRaw), onTouched, signal);
        // That much is to come is only said; what has come, as much as there was before, is worth two indexes made anew.
        const { seq } = standing.now.position;
        const isMuch = seq >= 2 * before && page.head.seq >= 2 * seq;
        if (!isLoading && isMuch && next !== null) {
          index.transaction((write) => write.beginVaultReplay());
          isLoading = true;
        }
      }
    } finally {
      if (isLoading) index.transaction((write) => write.endVaultLoad());
    }
  };

  /** Applies entries that came along, and what the server has beyond them. */
  const catchUp = async (entries: readonly RawEntry[], signal: AbortSignal): Promise<AppendResult> => {
    const touched = new Set<NodeId>();
    const onTouched = (node: NodeId) => touched.add(node);
    await replay(entries, onTouched, signal);
    await pull(signal, onTouched);
    return { status: 'moved', touched };
  };

  return {
    get position() {
      return standing.now.position;
    },
    get keyRing() {
      return standing.now.keyRing;
    },
    get heard() {
      return standing.now.heard;
    },
    get entriesHeard() {
      return entriesHeard;
    },
    pinned: standing.pinned,
    get device() {
      return account.author().device;
    },
    get author() {
      return account.author();
    },
    get crypto() {
      return currentCrypto();
    },
    get bytesSinceCheckpoint() {
      return standing.now.bytesSinceCheckpoint;
    },
    // Not gathered for nobody: of a million nodes that a new device hears of, it would be all.
    pull: (signal) => pull(signal, () => undefined),
    async append(draft, { signal, objects, onApplied, agreed, tree }) {
      assertNotFrozen(standing.now.position);
      // Where an entry is known to be, one of this device would begin another history.
      if (standing.now.position.seq < seen) return catchUp([], signal);
      await account.refreshIfDue(signal);
      const author = account.author();
      const { position, keyRing } = standing.now;
      const sealed = sealEntry(position, keyRing, author, draft, clock.now() * 1000, random);
      const sealing = sealAhead([sealed.opened], sealed.opened.keyRing);
      const outcome = await storage.appendEntry(
        vault,
        { ...sealed.raw, retained: [...sealed.raw.retained], released: [...sealed.raw.released] },
        {
          signal,
          ...(sealed.grants === null ? {} : { grants: sealed.grants }),
          ...(objects === undefined ? {} : { objects }),
        },
      );
      if (outcome.status === 'objects-missing') {
        index.transaction((write) => write.forgetChunks(outcome.missing as readonly ObjectId[]));
        return { status: 'objects-missing' };
      }
      if (outcome.status === 'moved') return catchUp(outcome.entries.map(asRaw), signal);
      const sealedAhead = await sealing;
      const { opened, grants, raw } = sealed;
      const { heard, bytesSinceCheckpoint } = standing.now;
      const next = {
        position: opened.position,
        heard: hear(heard, opened.stamp, clock.now()),
        keyRing: opened.keyRing,
        bytesSinceCheckpoint: bytesSinceCheckpoint + raw.ciphertext.length,
      };
      standing.moveTo(next, (write) => {
        const applied = apply(opened, write, { sealedAhead, onTouched: () => undefined, agreed, tree });
        if (grants !== null) setGrants(write, opened.header.epoch, grants);
        onApplied(write, applied);
      });
      return { status: 'done', seq: opened.position.seq };
    },
    cryptoUnder: (ring) => options.contentCrypto(ring),
    adoptState(verified, ring, complete) {
      const heard = heardAtLeast(standing.now.heard, verified, clock.now());
      standing.moveTo({ position: verified, heard, keyRing: ring }, complete);
    },
    noteCheckpoint: standing.noteCheckpoint,
    freeze: standing.freeze,
    rememberGrants: standing.rememberGrants,
  };
}

const asRaw = (entry: {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly retained?: readonly ObjectId[] | null | undefined;
  readonly released?: readonly ObjectId[] | null | undefined;
}): RawEntry => ({
  header: entry.header,
  signature: entry.signature,
  ciphertext: entry.ciphertext,
  retained: entry.retained ?? null,
  released: entry.released ?? null,
});
