import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { AccountSession } from '../../../src/app/account/account-session.ts';
import type { PairRecord } from '../../../src/app/home/config.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { unknownStatus } from '../../../src/app/home/last-status.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { supervise } from '../../../src/app/supervisor.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import type { PairStatus } from '../../../src/model/status.ts';
import type { Hint } from '../../../src/remote/storage-api.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';

const engine = vi.hoisted(() => ({
  starts: 0,
  discarded: 0,
  status: null as PairStatus | null,
  tell: (): void => undefined,
}));
vi.mock('../../../src/engine/open-pair.ts', () => ({
  openPair: () => ({
    status: () => engine.status ?? engineStatus,
    onStatus: (listener: () => void) => {
      engine.tell = listener;
      return () => undefined;
    },
    start: async () => {
      engine.starts++;
    },
    close: async () => undefined,
  }),
}));
vi.mock('../../../src/app/pairs/open-pair-index.ts', () => ({
  indexFile: () => 'index.db',
  openPairIndex: () => ({ integrityCheck: () => ['damaged'] }),
  moveAside: () => {
    engine.discarded++;
  },
}));

const record = { pair: '1'.repeat(32), vault: '2'.repeat(32), vaultName: 'V' } as PairRecord;
const engineStatus = unknownStatus(record);

it('a pair whose damaged index was taken away is watched again once its folder is back', async () => {
  const folder = join(await tempFolder('supervised'), 'root');
  const clock = virtualClock();
  const home = openHome(await tempFolder('home'));
  const ports = { home, clock, random: seededRandom('supervise'), logger: silentLogger } as unknown as Ports;
  const session = {
    refresh: async () => undefined,
    news: () => ({ device: null, vault: null }),
    storage: { hints: async () => undefined },
    stored: () => ({ deviceName: 'A' }),
    close: async () => undefined,
  } as unknown as AccountSession;
  mkdirSync(folder);
  const supervisor = supervise(ports, session, [{ ...record, folder }], {
    onStatus: () => undefined,
    keepSelection: () => undefined,
  });
  await supervisor.watch();
  await eventually(() => engine.starts === 1, { what: 'the first start' });

  renameSync(folder, `${folder}.away`);
  await clock.advance(60_000);
  engine.status = { ...engineStatus, state: 'needs-attention' };
  engine.tell();
  await eventually(() => engine.discarded === 1, { what: 'the damaged index going' });
  await eventually(() => supervisor.statuses()[0]?.state === 'root-missing', { what: 'the folder being missed' });
  // As many as are listed: what cannot be opened has one, which says why.
  expect(supervisor.statuses()).toMatchObject([{ issues: 1, held: 0 }]);

  renameSync(`${folder}.away`, folder);
  await clock.advance(5000);
  await eventually(() => engine.starts === 2, { what: 'the second start' });
  await supervisor.close();
});

it('news of the account that a server speaks of without end are looked for once in a while, and at last', async () => {
  const clock = virtualClock();
  const home = openHome(await tempFolder('home'));
  const ports = { home, clock, random: seededRandom('hints'), logger: silentLogger } as unknown as Ports;
  let looks = 0;
  let hint = (_: Hint): void => undefined;
  const session = {
    refresh: async () => void looks++,
    news: () => ({ device: null, vault: null }),
    known: () => ({ chain: { position: 3 } }),
    hint: () => undefined,
    storage: {
      hints: async (_: AbortSignal, listener: typeof hint) => {
        hint = listener;
      },
    },
    close: async () => undefined,
  } as unknown as AccountSession;
  const supervisor = supervise(ports, session, [], { onStatus: () => undefined, keepSelection: () => undefined });
  await supervisor.watch();
  await clock.advance(10);
  expect(looks).toBe(1);
  for (let i = 0; i < 290; i++) {
    hint({ type: 'account', seq: 9 });
    await clock.advance(10);
  }
  expect(looks).toBe(4);
  await clock.advance(5000);
  expect(looks).toBe(5);
  await supervisor.close();
});

it('listens to the server again, whatever ended that', async () => {
  const clock = virtualClock();
  const home = openHome(await tempFolder('home'));
  const ports = { home, clock, random: seededRandom('listen'), logger: silentLogger } as unknown as Ports;
  let listened = 0;
  const session = {
    refresh: async () => undefined,
    news: () => ({ device: null, vault: null }),
    storage: {
      // As in a hotel, before one has signed in there.
      hints: async () => {
        listened++;
        throw new HoldfastError('refused', 'The server’s certificate is not trusted.', { reason: 'certificate' });
      },
    },
    close: async () => undefined,
  } as unknown as AccountSession;
  const supervisor = supervise(ports, session, [], { onStatus: () => undefined, keepSelection: () => undefined });
  await supervisor.watch();
  await clock.advance(59_000);
  expect(listened).toBe(1);
  await clock.advance(61_000);
  expect(listened).toBe(3);
  await supervisor.close();
});
