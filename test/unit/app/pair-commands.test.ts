import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import { type Config, emptyConfig, type PairRecord } from '../../../src/app/home/config.ts';
import { pairCommands } from '../../../src/app/pairs/pair-commands.ts';
import type { NodeId } from '../../../src/common/ids.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** A device with one pair, whose account has a vault “New”. `refresh`: when the server is asked about vaults. */
async function deviceWith(refresh: (device: { config: Config }) => void) {
  const other = { pair: 'other', vault: 'of another', vaultName: 'Other', folder: '/other', deselected: [] };
  const state = { config: { ...emptyConfig, pairs: [other as unknown as PairRecord] } as Config };
  const device = {
    ports: { home: { folder: await tempFolder('home') }, random: seededRandom('add'), clock: virtualClock() },
    config: () => state.config,
    setPairs: (pairs: PairRecord[]) => {
      state.config = { ...state.config, pairs };
    },
    session: async () => ({
      refresh: async () => refresh(state),
      known: () => ({ chain: { vaults: new Map([['new', null]]) } }),
      stored: () => ({ vaultNames: { new: 'New' } }),
      storage: { listVaults: async () => [{ vault: 'new', bytes: 0 }] },
    }),
    supervisor: async () => ({ add: async () => undefined }),
  } as unknown as Device;
  const add = (folder: string) => pairCommands(device).add({ folder, vault: 'New', isPaused: false });
  return { state, add };
}

it('a pair that is added keeps what was chosen for another one meanwhile', async () => {
  const node = 'a'.repeat(32) as NodeId;
  const { state, add } = await deviceWith((device) => {
    device.config = { ...device.config, pairs: device.config.pairs.map((pair) => ({ ...pair, deselected: [node] })) };
  });
  await add(await tempFolder('folder'));
  expect(state.config.pairs).toMatchObject([{ pair: 'other', deselected: [node] }, { vaultName: 'New' }]);
});

it('no vault is asked for as long as its folder cannot be', async () => {
  let isAsked = false;
  const { add } = await deviceWith(() => {
    isAsked = true;
  });
  await expect(add('/proc/holdfast')).rejects.toMatchObject({ kind: expect.stringMatching(/^(io|refused)$/) });
  expect(isAsked).toBe(false);
});

it('without its vault no folder is left behind, but for one that was there', async () => {
  const { add } = await deviceWith(() => {
    throw new Error('offline');
  });
  const folder = await tempFolder('folder');
  for (const each of [join(folder, 'new'), folder]) await expect(add(each)).rejects.toThrow('offline');
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect(existsSync(folder)).toBe(true);
});
