import type { Clock } from '../../common/clock.ts';
import { must } from '../../common/errors.ts';
import type { IndexWriter } from '../../db/index-port.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import type { LogPosition } from '../../vault/position.ts';
import type { OpenedEntry, RawEntry } from '../../vault/replay.ts';
import type { SealedAhead } from '../up/seal-ahead.ts';
import { hear } from './heard-devices.ts';
import type { KeptStanding } from './standing.ts';

/** Sealed bytes applied in one transaction, about. */
const groupBytes = 256 * 1024;
/** Opening this many takes some 50 ms; then everything else has its turn. */
const groupEntries = 256;

/** Verified entries that go into the index in one transaction. */
interface Group {
  readonly entries: readonly OpenedEntry[];
  readonly bytes: number;
  readonly sealing: Promise<SealedAhead>;
}

export interface ReplayParts {
  readonly standing: KeptStanding;
  readonly clock: Clock;
  /** The entry that follows `at`, verified; throws what is wrong with it. */
  open(raw: RawEntry, at: LogPosition, ring: KeyRing): Promise<OpenedEntry>;
  /** What the index keeps of these entries, sealed in a thread. Never rejects. */
  sealAhead(entries: readonly OpenedEntry[], ring: KeyRing): Promise<SealedAhead>;
  /** Brings the index to what the entry says, in the transaction that moves the log's standing over it. */
  apply(opened: OpenedEntry, write: IndexWriter, sealedAhead: SealedAhead): void;
}

/**
 * Moves the log's standing over entries that the server gave, each verified, a group of them at a time: it is sealed for the index
 * in a thread while the next ones are opened here. What is wrong with one is thrown, and stops the vault if it is such a thing,
 * once all before it are in the index.
 */
export async function replayEntries(parts: ReplayParts, entries: readonly RawEntry[]): Promise<void> {
  const { standing, clock } = parts;
  let waiting: Group | null = null;
  let group: OpenedEntry[] = [];
  let bytes = 0;
  let last: Pick<OpenedEntry, 'position' | 'keyRing'> = standing.now;

  const commitOpened = async (): Promise<void> => {
    const before = waiting;
    waiting = group.length === 0 ? null : { entries: group, bytes, sealing: parts.sealAhead(group, last.keyRing) };
    [group, bytes] = [[], 0];
    if (before !== null) await commit(parts, before);
  };
  const commitAll = async (): Promise<void> => {
    await commitOpened();
    if (waiting !== null) await commit(parts, waiting);
  };

  for (const raw of entries) {
    let opened: OpenedEntry;
    try {
      opened = await parts.open(raw, last.position, last.keyRing);
    } catch (error) {
      await commitAll();
      return standing.freeze(error, raw.header);
    }
    group.push(opened);
    last = opened;
    bytes += raw.ciphertext.length;
    if (bytes >= groupBytes || group.length >= groupEntries) {
      await commitOpened();
      await clock.sleep(0);
    }
  }
  await commitAll();
}

async function commit({ standing, clock, apply }: ReplayParts, { entries, bytes, sealing }: Group): Promise<void> {
  const { position, keyRing } = must(entries.at(-1));
  const sealedAhead = await sealing;
  const { heard, bytesSinceCheckpoint } = standing.now;
  const next = {
    position,
    heard: entries.reduce((known, { stamp }) => hear(known, stamp, clock.now()), heard),
    keyRing,
    bytesSinceCheckpoint: bytesSinceCheckpoint + bytes,
  };
  standing.moveTo(next, (write) => {
    for (const opened of entries) apply(opened, write, sealedAhead);
  });
}
