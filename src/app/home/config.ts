import { z } from 'zod';
import type { NodeId, PairId, VaultId } from '../../common/ids.ts';
import { idField } from '../../rpc/fields.ts';
import { type Settings, settings } from '../../rpc/home-report.ts';
import type { Home } from './home.ts';
import { type StateFile, stateFile } from './state-file.ts';

/** What a newer version of this program added is nothing to this one, and is still there for that one. */
const keepingMore = <T extends z.ZodRawShape>(shape: T): z.ZodObject<T> =>
  z.looseObject(shape) as unknown as z.ZodObject<T>;

const pairRecord = keepingMore({
  pair: idField<PairId>(),
  vault: idField<VaultId>(),
  vaultName: z.string(),
  /** Real path. */
  folder: z.string(),
  isPaused: z.boolean(),
  pausedUntil: z.number().nullable().default(null),
  /** What of the vault is not on this device. */
  deselected: z.array(idField<NodeId>()).default([]),
  createdAt: z.number(),
});

const firstSettings: Settings = {
  upBytesPerSecond: null,
  downBytesPerSecond: null,
  language: 'system',
  theme: 'system',
  notifications: 'all',
  startAtLogin: false,
};

/** What a file of an earlier version does not say is as in a new home. */
const storedSettings = keepingMore(settings.partial().shape).transform(
  (known): Settings => ({ ...firstSettings, ...defined(known) }),
);

const config = keepingMore({
  settings: storedSettings,
  pairs: z.array(pairRecord),
  /** Marks of recovery words that were shown, or may have been, and that nobody said to have kept. */
  unconfirmedWords: z.array(z.string()).default([]),
});

export type PairRecord = z.output<typeof pairRecord>;
export type Config = z.output<typeof config>;

export const emptyConfig: Config = { settings: firstSettings, pairs: [], unconfirmedWords: [] };

const format = 1;

/** What `config.json` holds; `read` gives null in a new home. */
export const configFile = (home: Home): StateFile<Config> => stateFile(home.configFile, format, config);

/** Without the keys that are there but undefined, so that a spread overrides nothing with them. */
export const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
