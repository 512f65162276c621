import type { Clock } from '../../../src/common/clock.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { createAccountChains } from '../../../src/server/account-chains.ts';
import { type Accounts, createAccounts } from '../../../src/server/accounts.ts';
import { type AppendEntry, createAppendEntry } from '../../../src/server/append-entry.ts';
import { type Checkpoints, createCheckpoints } from '../../../src/server/checkpoints.ts';
import { type Collector, startCollector } from '../../../src/server/collector.ts';
import { createHub, type Hub } from '../../../src/server/hub.ts';
import { createLogin, type Login } from '../../../src/server/login.ts';
import type { MetadataStore } from '../../../src/server/metadata-store.ts';
import type { ObjectStore } from '../../../src/server/object-store.ts';
import { createObjects, type Objects } from '../../../src/server/objects.ts';
import { createVaults, type Grace, type Vaults } from '../../../src/server/vaults.ts';

/** The real server without HTTP: what one process of it consists of. */
export interface ServerLogic {
  readonly metadata: MetadataStore;
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly login: Login;
  readonly vaults: Vaults;
  readonly checkpoints: Checkpoints;
  readonly objects: Objects;
  readonly append: AppendEntry;
  readonly collector: Collector;
}

const day = 24 * 3_600_000;
export const usualGrace: Grace = { released: 30 * day, unreferenced: 7 * day };

export function serverLogic(parts: {
  readonly metadata: MetadataStore;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly grace: Grace;
  /** Bytes that the account may have; null: any. */
  readonly quota: number | null;
  /** Told of objects that are damaged or gone though the index has them: never to happen. */
  readonly onDamage: (object: string) => void;
}): ServerLogic {
  const { metadata, store, clock, grace, quota } = parts;
  const hub = createHub();
  const loadChain = createAccountChains(metadata.accounts);
  const accounts = createAccounts(metadata, loadChain, hub);
  const vaults = createVaults({ metadata, accounts, loadChain, hub, clock, grace, quota });
  const onDamage = (_: unknown, id: string): void => parts.onDamage(id);
  const objects = createObjects({ metadata, store, clock, grace, quota, onDamage });
  return {
    metadata,
    hub,
    accounts,
    login: createLogin(metadata, loadChain, clock),
    vaults,
    checkpoints: createCheckpoints(metadata, loadChain, clock, grace),
    objects,
    append: createAppendEntry({ metadata, objects, vaults, grace, quota, now: () => clock.now() }),
    collector: startCollector({ metadata, store, clock, logger: silentLogger, interval: 10 * 60_000 }),
  };
}
