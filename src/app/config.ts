import { z } from 'zod';
import type { PairId, VaultId } from '../common/ids.ts';
import { idField } from '../rpc/fields.ts';
import { settings } from '../rpc/home-report.ts';
import type { Home } from './home.ts';
import { type StateFile, stateFile } from './state-file.ts';

const pairRecord = z.object({
  pair: idField<PairId>(),
  vault: idField<VaultId>(),
  vaultName: z.string(),
  /** Real path. */
  folder: z.string(),
  isPaused: z.boolean(),
  createdAt: z.number(),
});

const config = z.object({ settings, pairs: z.array(pairRecord) });

export type PairRecord = z.output<typeof pairRecord>;
export type Config = z.output<typeof config>;

export const emptyConfig: Config = { settings: { upBytesPerSecond: null, downBytesPerSecond: null }, pairs: [] };

const format = 1;

/** What `config.json` holds; `read` gives null in a new home. */
export const configFile = (home: Home): StateFile<Config> => stateFile(home.configFile, format, config);
