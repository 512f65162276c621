import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import type { PairStatus } from '../../model/status.ts';
import { pairStatus } from '../../rpc/report.ts';
import type { PairRecord } from './config.ts';
import type { Home } from './home.ts';
import { stateFile } from './state-file.ts';

/** What a pair last said of itself, for when nothing runs. */
export interface LastStatus {
  read(): PairStatus;
  write(status: PairStatus): void;
}

export function lastStatus(home: Home, record: PairRecord): LastStatus {
  const folder = home.pairFolder(record.pair);
  const file = stateFile(join(folder, 'status.json'), 1, z.object({ status: pairStatus }));
  return {
    read: () => {
      try {
        const found = file.read()?.status;
        return found === undefined ? unknownStatus(record) : { ...found, ...identityOf(record) };
      } catch (error) {
        if (error instanceof HoldfastError) return unknownStatus(record);
        throw error;
      }
    },
    write: (status) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      file.write({ status });
    },
  };
}

/** What is known of a pair that is not open. A pause is the pair's own, whatever it was last; a security stop outlasts it. */
export function heldBack({ isPaused }: Pick<PairRecord, 'isPaused'>, known: PairStatus): PairStatus {
  const messageKind = 'other';
  const since = null;
  if (isPaused && known.state !== 'frozen') return { ...known, state: 'paused', message: 'Paused', messageKind, since };
  // It was paused when it was closed; since then nobody has looked at it.
  if (!isPaused && known.state === 'paused')
    return { ...known, state: 'scanning', message: 'Changes wait for a sync', messageKind, since };
  return known;
}

type Identity = Pick<PairRecord, 'pair' | 'vault' | 'vaultName' | 'folder'>;

const identityOf = ({ pair, vault, vaultName, folder }: Identity) => ({ pair, vault, vaultName, folder });

const nothing = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

/** Of a pair of which nothing is known yet. */
export const unknownStatus = (record: Identity): PairStatus => ({
  ...identityOf(record),
  state: 'scanning',
  message: 'Not synced yet',
  messageKind: 'other',
  up: nothing,
  down: nothing,
  pending: 0,
  held: 0,
  issues: 0,
  files: 0,
  folders: 0,
  seq: 0,
  serverSeq: 0,
  lastSyncedAt: null,
  since: null,
  heard: [],
  lastConflict: null,
});
