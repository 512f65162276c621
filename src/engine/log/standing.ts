import { fromHex, toHex } from '../../common/bytes.ts';
import type { Clock } from '../../common/clock.ts';
import type { HoldfastError } from '../../common/errors.ts';
import type { VaultId } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { Index, IndexReader, IndexWriter } from '../../db/index-port.ts';
import type { AccountKeys } from '../../vault/account-keys.ts';
import { freezePosition, freezeScope } from '../../vault/freeze.ts';
import { emptyKeyRing, type KeyRing, openKeyRing } from '../../vault/key-ring.ts';
import { type LogPosition, type PinnedPlace, parsePosition, startOf } from '../../vault/position.ts';
import { type Heard, heardAtLeast, parseHeard } from './heard-devices.ts';

/** The newest position ever verified, kept outside the index, so that a lost index is no way to roll back. */
export interface PositionPin {
  read(): PinnedPlace | null;
  write(pin: PinnedPlace): void;
}

/** Where the log stands, verified, with what that is worth to know. */
export interface Standing {
  readonly position: LogPosition;
  readonly heard: Heard;
  readonly keyRing: KeyRing;
  readonly bytesSinceCheckpoint: number;
}

/** The standing of one vault's log, kept in the index. */
export interface KeptStanding {
  readonly now: Standing;
  /** As of the opening: where this device ever was, should its index be lost. */
  readonly pinned: PinnedPlace | null;
  /** The log stands at `next` from here on, if that is stored with all that `change` writes; else it stands where it stood. */
  moveTo(next: Partial<Standing>, change: (write: IndexWriter) => void): void;
  /** Stores the security stop that `error` is, if it is one that freezes the vault, and throws it. `header`: of the entry. */
  freeze(error: unknown, header?: Uint8Array): never;
  /** The server has a checkpoint of this seq. */
  noteCheckpoint(seq: number): void;
  rememberGrants(epoch: number, grants: Uint8Array): void;
}

const grantsKey = (epoch: number): string => `grants:${epoch}`;
const checkpointBytesKey = 'bytesSinceCheckpoint';
/** Seq of the newest checkpoint that this device knows of. */
export const checkpointSeqKey = 'checkpointSeq';

export function openStanding({
  vault,
  index,
  account: { keys },
  pin,
  clock,
  logger,
}: {
  readonly vault: VaultId;
  readonly index: Index;
  readonly account: { readonly keys: AccountKeys };
  readonly pin: PositionPin;
  readonly clock: Clock;
  readonly logger: Logger;
}): KeptStanding {
  const pinned = pin.read();
  let now = storedStanding(index.read, vault, keys, clock.now());

  const store = (write: IndexWriter): void => {
    const { position, heard, bytesSinceCheckpoint } = now;
    write.setVaultState(new TextEncoder().encode(JSON.stringify({ ...position, heard })));
    write.setMeta(checkpointBytesKey, bytesSinceCheckpoint);
  };

  return {
    get now() {
      return now;
    },
    pinned,
    moveTo(next, change) {
      const before = now;
      now = { ...before, ...next };
      try {
        index.transaction((write) => {
          store(write);
          change(write);
        });
      } catch (error) {
        now = before;
        throw error;
      }
      // Never back: while a lost index is made again, what was seen before still counts.
      const { seq, head } = now.position;
      if (seq >= (pinned?.seq ?? 0)) pin.write({ seq, head });
    },
    freeze(error, header) {
      if (freezeScope(error) === 'whole') {
        now = { ...now, position: freezePosition(now.position, error, clock.now() * 1000, header) };
        index.transaction(store, { isDurable: true });
        const { security } = error as HoldfastError;
        logger.log('error', 'vault frozen', { vault, security, seq: now.position.seq });
      }
      throw error;
    },
    noteCheckpoint(seq) {
      now = { ...now, bytesSinceCheckpoint: 0 };
      index.transaction((write) => {
        write.setMeta(checkpointSeqKey, seq);
        store(write);
      });
    },
    rememberGrants: (epoch, grants) => index.transaction((write) => setGrants(write, epoch, grants)),
  };
}

export const setGrants = (write: IndexWriter, epoch: number, grants: Uint8Array): void =>
  write.setMeta(grantsKey(epoch), toHex(grants));

function storedStanding(read: IndexReader, vault: VaultId, keys: AccountKeys, nowMs: number): Standing {
  const stored = read.vaultState();
  const state: unknown = stored === null ? null : JSON.parse(new TextDecoder().decode(stored));
  const position = state === null ? startOf(vault) : parsePosition(state);
  return {
    position,
    heard: heardAtLeast(parseHeard((state as { heard?: unknown } | null)?.heard), position, nowMs),
    keyRing: position.seq === 0 ? emptyKeyRing(keys, vault) : openKeyRing(keys, position, knownGrants(read, position)),
    bytesSinceCheckpoint: Number(read.meta(checkpointBytesKey) ?? 0),
  };
}

function knownGrants(read: IndexReader, { epochs }: LogPosition): Map<number, Uint8Array> {
  const grants = new Map<number, Uint8Array>();
  for (const { epoch } of epochs) {
    const bytes = fromHex(String(read.meta(grantsKey(epoch)) ?? ''));
    if (bytes !== null && bytes.length > 0) grants.set(epoch, bytes);
  }
  return grants;
}
