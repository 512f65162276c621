import { join } from 'node:path';
import { expect, it } from 'vitest';
import { computerCommands } from '../../../src/app/computer-commands.ts';
import type { Device } from '../../../src/app/device.ts';
import { noHost } from '../../../src/app/host/host.ts';
import type { OpenPairs } from '../../../src/app/pairs/open-pairs.ts';

const folder = '/home/person/Documents';

function shower(placeOnDisk: ((path: string) => string | null) | null) {
  const shown: string[] = [];
  const device = { config: () => ({ pairs: [{ pair: '1', folder, vaultName: 'documents' }] }) };
  const pairs = {
    open: async () => {
      if (placeOnDisk === null) throw new Error('its index cannot be read');
      return { pair: { placeOnDisk } };
    },
  };
  const host = { ...noHost, showFile: async (path: string) => void shown.push(path) };
  const commands = computerCommands(device as unknown as Device, host, pairs as unknown as OpenPairs);
  return { shown, show: (path: string) => commands['show-file']({ pair: null, path }) };
}

it('shows a file of the vault under the name that it has on this disk', async () => {
  const { shown, show } = shower((path) => (path === 'a:b' ? 'a%3Ab' : null));
  await show('a:b');
  expect(shown).toEqual([join(folder, 'a%3Ab')]);
});

it('shows what the vault has not, and the folder itself, by the names that are given', async () => {
  const { shown, show } = shower(() => null);
  for (const path of ['.holdfast/trash/1/f', '']) await show(path);
  expect(shown).toEqual([join(folder, '.holdfast/trash/1/f'), folder]);
});

it('shows the folder of a pair that cannot be opened', async () => {
  const { shown, show } = shower(null);
  for (const path of ['f', '']) await show(path);
  expect(shown).toEqual([join(folder, 'f'), folder]);
});
