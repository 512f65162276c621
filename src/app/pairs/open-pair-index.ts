import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isKind } from '../../common/errors.ts';
import type { PairId } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { Index } from '../../db/index-port.ts';
import { openIndex } from '../../db/open-index.ts';
import type { VolumeTraits } from '../../local/file-system.ts';
import { isDiverged } from '../../plan/diverged.ts';
import { explaining } from '../home/errno.ts';
import type { Home } from '../home/home.ts';
import { makeOwned } from '../home/owned-file.ts';

export const indexFile = (home: Home, pair: PairId): string => join(home.pairFolder(pair), 'index.db');

/**
 * The pair's index. One that is damaged is moved aside and made anew, from the disk and the vault: without a synced tree
 * everything is merged, nothing deleted. One of a newer app is refused and left as it is.
 */
export function openPairIndex(home: Home, pair: PairId, traits: VolumeTraits, logger: Logger): Index {
  const path = indexFile(home, pair);
  explaining('The folder of the local index cannot be made', () => {
    mkdirSync(home.pairFolder(pair), { recursive: true, mode: 0o700 });
  });
  const open = (): Index => {
    makeOwned(path);
    return openIndex(path, { rules: traits.nameRules, isDiverged });
  };
  try {
    return open();
  } catch (error) {
    if (!isKind(error, 'corrupt')) throw error;
    moveAside(path, pair, logger);
    return open();
  }
}

/** Keeps the damaged files for whoever wants to look into it. */
export function moveAside(path: string, pair: PairId, logger: Logger): void {
  let number = 1;
  while (existsSync(`${path}.corrupt-${number}`)) number++;
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(path + end)) renameSync(path + end, `${path}.corrupt-${number}${end}`);
  }
  logger.log('warn', 'the index was damaged and is made anew', { pair, kept: `index.db.corrupt-${number}` });
}
