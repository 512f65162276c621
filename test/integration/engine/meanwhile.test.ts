import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { eventually, soon } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';

let world: SyncWorld;
let release: () => void;
afterEach(async () => {
  release();
  await world.close();
});

/** A device that runs and has one file in its vault. */
async function running(): Promise<WorldDevice> {
  world = await syncWorld();
  release = () => undefined;
  const device = await world.device('A');
  writeFileSync(join(device.folder, 'old'), 'old');
  await device.pair.start();
  await eventually(() => device.pair.status().state === 'up-to-date');
  return device;
}

/** From now on such calls get no answer; resolves with the first of them. */
function silence(call: string): Promise<void> {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  release = gate.resolve;
  world.storage.before = (each) => {
    if (each !== call) return;
    asked.resolve();
    return gate.promise;
  };
  return asked.promise;
}

const looks = ({ pair }: WorldDevice) =>
  Promise.all([
    pair.list('', { isRecursive: true, withDeleted: false }),
    pair.versions('old'),
    pair.activity({ limit: 10, before: null }),
    pair.trash(),
    pair.deselected(),
    pair.why('old'),
  ]);

test('what the vault holds is shown while much is sent', async () => {
  const device = await running();
  const sending = silence('putObjects');
  writeFileSync(join(device.folder, 'new'), 'new'.repeat(100_000));
  await sending;
  const [entries, versions, activity, , , why] = await soon(looks(device), 'what the vault holds', 5000);
  expect([entries.map(({ path }) => path), versions.length, activity.length]).toEqual([['old'], 1, 1]);
  expect(why.rule).toContain('In step');
});

test('and while nobody knows whether the server answers: only who asks first waits for it, and not for long', async () => {
  const device = await running();
  const asked = silence('getLog');
  const first = soon(looks(device), 'what the vault holds', 5000);
  await asked;
  await first;
  await soon(looks(device), 'what it held a moment ago', 500);
});

test('a pair that was offline is not said to be while it sends', async () => {
  const device = await running();
  world.storage.before = () => {
    throw new HoldfastError('offline', 'The server cannot be reached.');
  };
  device.pair.lineChanged();
  await eventually(() => device.pair.status().state === 'offline');
  const sending = silence('putObjects');
  writeFileSync(join(device.folder, 'new'), 'new'.repeat(100_000));
  device.pair.lineChanged();
  await sending;
  expect(device.pair.status().state).toBe('syncing');
});

test('a first sync is said to look for changes until it has, and then to sync', async () => {
  world = await syncWorld();
  const listing = silence('getLog');
  const { folder, pair } = await world.device('A');
  writeFileSync(join(folder, 'new'), 'new'.repeat(100_000));
  const started = pair.start();
  await listing;
  expect(pair.status().state).toBe('scanning');
  release();
  const sending = silence('putObjects');
  await started;
  await sending;
  expect(pair.status().state).toBe('syncing');
});
