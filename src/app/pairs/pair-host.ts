import { HoldfastError } from '../../common/errors.ts';
import type { NodeId, PairId } from '../../common/ids.ts';
import { takeRoot } from '../../engine/observe/take-root.ts';
import type { Pair } from '../../engine/pair.ts';
import type { PairStatus, SyncResult } from '../../model/status.ts';
import type { PinnedPlace } from '../../vault/position.ts';
import type { AccountSession } from '../account/account-session.ts';
import type { PairRecord } from '../home/config.ts';
import { heldBack, lastStatus, unknownStatus } from '../home/last-status.ts';
import type { Ports } from '../ports.ts';
import { positionPin } from '../vaults/position-pin.ts';
import { bindRoot, isRootGone, unbindRoot } from './bind-root.ts';
import { isDamaged, isUnexplained, isUnreadable, resultOf } from './index-damage.ts';
import { isOfOnePair } from './is-of-one-pair.ts';
import { knownTraits } from './known-traits.ts';
import { type OpenedPair, openInFolder } from './open-in-folder.ts';
import { indexFile, moveAside, openPairIndex } from './open-pair-index.ts';
import { endingWith, isOfSyncing, isPassing } from './passing-state.ts';
import { standsSince } from './stands-since.ts';

/** A folder pair of this home, whether or not it can be opened at the moment. */
export interface PairHost {
  readonly record: PairRecord;
  /** Live, or why it cannot be opened, or the last known. */
  status(): PairStatus;
  /** Opens it if it is not open. Throws `io` (reason `root-gone`) while the folder is not there, `version` for a newer index. */
  open(): Promise<Pair>;
  /** Opens it, watches and syncs from now on, until `close`. Throws as `open`. */
  watch(): Promise<void>;
  /** One run, after which a damaged index was rebuilt if that was in the way. */
  sync(): Promise<SyncResult>;
  /** How far its vault was verified; null if that is not known. */
  seen(): PinnedPlace | null;
  /** The server hinted that the vault is at `seq`. */
  hint(seq: number): void;
  /** The line to the server broke or is there again. */
  lineChanged(): void;
  /** It was to be synced, and the server cannot be asked: so it says from then on, also when nothing runs. */
  unreachable(why: HoldfastError): void;
  setPaused(isPaused: boolean): void;
  /**
   * Goes on in `folder`, which bears the pair's mark. `keep` stores that. Throws as `open` if it cannot be used; then nothing has
   * changed, unless it is `keep` that failed.
   */
  locate(folder: string, keep: () => void): Promise<void>;
  close(): Promise<void>;
  /** Closes it for good: its folder is no pair's from then on, also for an older copy of this home. */
  leave(): Promise<void>;
}

export interface PairListener {
  readonly onStatus: () => void;
  /** Stores what of the pair's vault is not on this device; throws if that fails. */
  readonly keepSelection: (pair: PairId, deselected: readonly NodeId[]) => void;
  /** A pair that was watched is closed, to be opened anew: it is to be watched again, as soon as that can be. */
  readonly watchAgain: (host: PairHost) => void;
}

/** Milliseconds between two checks of an index that may be damaged. */
const checkEvery = 60_000;

export function pairHost(
  ports: Ports,
  session: AccountSession,
  first: PairRecord,
  { onStatus, keepSelection, watchAgain }: PairListener,
): PairHost {
  const { home, clock, logger } = ports;
  let last = lastStatus(home, first);
  const since = standsSince(() => clock.now(), last.read());
  let isWatching = false;
  let record = first;
  let opened: OpenedPair | null = null;
  let opening: Promise<OpenedPair> | null = null;
  let blocked: HoldfastError | null = null;
  let checkedAt = Number.NEGATIVE_INFINITY;
  /** By an earlier process. */
  let lastSyncedAt: number | null = null;

  const choose = (deselected: readonly NodeId[]): void => {
    keepSelection(record.pair, deselected);
    record = { ...record, deselected: [...deselected] };
  };

  async function openNow(): Promise<OpenedPair> {
    ({ lastSyncedAt } = last.read());
    const found = await openInFolder(ports, session, record, lastSyncedAt !== null, {
      deselected: () => record.deselected,
      choose,
    });
    const { pair } = found;
    if (record.isPaused) pair.pause();
    let kept = last.read().state;
    const unlisten = pair.onStatus(() => {
      const status = statusOf(pair);
      if (status.state !== kept && !isPassing(status.state)) {
        kept = status.state;
        remember(status);
      }
      lookAfter(status);
      onStatus();
    });
    return {
      ...found,
      close: async () => {
        unlisten();
        const ending = statusOf(pair);
        await found.close();
        remember(endingWith(ending, last.read()));
      },
    };
  }

  /** Called on what the pair says while nobody asks: a damaged index shows as a problem without an issue. */
  const lookAfter = (now: PairStatus): void => {
    if (!isWatching || now.state !== 'needs-attention' || now.issues > 0 || now.held > 0) return;
    if (clock.monotonic() - checkedAt < checkEvery) return;
    checkedAt = clock.monotonic();
    if (!isDamaged(opened?.index ?? null)) return;
    discardIndex().catch((error: unknown) => logger.log('error', 'the index cannot be made anew', { error }));
  };

  /** A status that cannot be kept (a full disk) is no reason for anything to fail. */
  const remember = (status: PairStatus): void => {
    try {
      last.write(status);
    } catch (error) {
      logger.log('warn', 'the last status cannot be kept', { pair: record.pair, error });
    }
  };

  async function open(): Promise<Pair> {
    if (opened !== null) return opened.pair;
    opening ??= openNow().finally(() => {
      opening = null;
    });
    try {
      opened = await opening;
      blocked = null;
      return opened.pair;
    } catch (error) {
      if (error instanceof HoldfastError) {
        blocked = error;
        remember(status());
      }
      throw error;
    } finally {
      onStatus();
    }
  }

  /** Whichever of the two is stored first: where it was there is no folder, and here it can be said once more. */
  async function moveTo(folder: string, keep: () => void): Promise<void> {
    const { pair: id, vault, deselected } = record;
    const fs = await bindRoot(folder);
    const index = openPairIndex(home, id, await knownTraits(fs, home, id), logger);
    try {
      await takeRoot(index, fs, { pairId: id, vaultId: vault, madeAt: clock.now(), deselected });
    } finally {
      index.close();
    }
    keep();
    record = { ...record, folder };
    last = lastStatus(home, record);
    blocked = null;
  }

  async function close(): Promise<void> {
    await opening?.catch(() => undefined);
    const closing = opened;
    opened = null;
    isWatching = false;
    await closing?.close();
  }

  function statusOf(pair: Pair): PairStatus {
    try {
      const said = pair.status();
      // Before the vault's first entry was read the engine does not know its name.
      const vaultName = said.vaultName === '' ? record.vaultName : said.vaultName;
      return { ...said, vaultName, lastSyncedAt: said.lastSyncedAt ?? lastSyncedAt, since: since(said.state) };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const { message } = error;
      const state = 'needs-attention';
      return { ...last.read(), held: 0, issues: 0, state, message, messageKind: 'other', since: since(state) };
    }
  }

  function status(): PairStatus {
    if (opened !== null) return statusOf(opened.pair);
    const known = last.read();
    if (blocked === null) return heldBack(record, known);
    const state = isRootGone(blocked) ? 'root-missing' : 'needs-attention';
    // What it was known to say last is told by its own kind; this is another thing.
    const own = isOfOnePair(blocked)
      ? { held: 0, issues: 1, messageKind: 'issue' as const }
      : { messageKind: 'other' as const };
    return { ...unknownStatus(record), ...known, ...own, state, message: blocked.message, since: since(state) };
  }

  /** Whoever opens the pair next makes another one from the disk and the vault. */
  async function discardIndex(): Promise<void> {
    const wasWatching = isWatching;
    await close();
    try {
      moveAside(indexFile(home, record.pair), record.pair, logger);
    } finally {
      if (wasWatching) watchAgain(host);
    }
  }

  const host: PairHost = {
    get record() {
      return record;
    },
    status,
    open,
    watch: async () => {
      const pair = await open();
      if (isWatching || opened?.pair !== pair) return;
      isWatching = true;
      await Promise.all([opened.fs.hold(), pair.start()]);
    },
    sync: async () => {
      const pair = await open();
      await opened?.fs.hold();
      const result = await resultOf(pair);
      const isInTheWay = (of: SyncResult): boolean =>
        !of.isConverged && isUnexplained(of, statusOf(pair)) && isDamaged(opened?.index ?? null);
      if (result !== null && !isInTheWay(result)) return result;
      await discardIndex();
      return (await open()).sync();
    },
    seen: () => (opened?.pin ?? positionPin(home, record.vault, clock.monotonic)).read(),
    hint: (seq) => opened?.pair.hint(seq),
    lineChanged: () => opened?.pair.lineChanged(),
    unreachable: (why) => {
      const known = status();
      if (opened !== null || !isOfSyncing(known.state)) return;
      const state = 'offline';
      remember({ ...known, state, message: `Offline: ${why.message}`, messageKind: 'other', since: since(state) });
    },
    setPaused: (isPaused) => {
      record = { ...record, isPaused };
      if (isPaused) opened?.pair.pause();
      else opened?.pair.resume();
      onStatus();
    },
    locate: async (folder, keep) => {
      const wasWatching = isWatching;
      do await close();
      while (opened !== null || opening !== null);
      // Whoever asks for the pair meanwhile waits.
      const moving = moveTo(folder, keep);
      opening = moving.then(openNow, openNow).finally(() => {
        opening = null;
      });
      const ends = await Promise.allSettled([moving, open()]);
      if (wasWatching) watchAgain(host);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    close,
    leave: async () => {
      await close();
      await unbindRoot(record.folder, record.pair, logger);
    },
  };
  return host;
}
