import { expect, it } from 'vitest';
import { type Config, emptyConfig, type PairRecord } from '../../../src/app/config.ts';
import type { Device } from '../../../src/app/device.ts';
import { pairCommands } from '../../../src/app/pair-commands.ts';
import type { NodeId } from '../../../src/common/ids.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('a pair that is added keeps what was chosen for another one meanwhile', async () => {
  const other = { pair: 'other', vault: 'of another', vaultName: 'Other', folder: '/other', deselected: [] };
  let config: Config = { ...emptyConfig, pairs: [other as unknown as PairRecord] };
  const choose = (deselected: NodeId[]): void => {
    config = { ...config, pairs: config.pairs.map((pair) => ({ ...pair, deselected })) };
  };
  const node = 'a'.repeat(32) as NodeId;
  const device = {
    ports: { home: { folder: await tempFolder('home') }, random: seededRandom('add'), clock: virtualClock() },
    config: () => config,
    setPairs: (pairs: PairRecord[]) => {
      config = { ...config, pairs };
    },
    session: async () => ({
      refresh: async () => choose([node]),
      known: () => ({ chain: { vaults: new Map([['new', null]]) } }),
      stored: () => ({ vaultNames: { new: 'New' } }),
    }),
    supervisor: async () => ({ add: async () => undefined }),
  } as unknown as Device;
  await pairCommands(device).add({ folder: await tempFolder('folder'), vault: 'New', isPaused: false });
  expect(config.pairs).toMatchObject([{ pair: 'other', deselected: [node] }, { vaultName: 'New' }]);
});
