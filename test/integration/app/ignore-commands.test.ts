import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import { ignoreCommands } from '../../../src/app/pairs/ignore-commands.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { tempFolder } from '../../helpers/temp.ts';

const ask = { pair: null };

async function pairWith(rules: string | null) {
  const folder = join(await tempFolder('rules'), 'root');
  mkdirSync(folder);
  const file = join(folder, '.holdfastignore');
  if (rules !== null) writeFileSync(file, rules);
  const device = {
    account: () => ({}),
    config: () => ({ pairs: [{ pair: '1'.repeat(32), vaultName: 'V', folder }] }),
    ports: { clock: systemClock },
  };
  return { folder, file, commands: ignoreCommands(device as unknown as Device) };
}

it('rules that are saved over others leave those in the trash', async () => {
  const { folder, file, commands } = await pairWith('written in an editor\n');
  expect(await commands['ignore-get'](ask)).toEqual({ text: 'written in an editor\n' });
  expect(await commands['ignore-set']({ ...ask, text: '*.tmp\n' })).toEqual({ text: '*.tmp\n' });
  expect(readFileSync(file, 'utf8')).toBe('*.tmp\n');
  await commands['ignore-set']({ ...ask, text: '*.bak\n' });
  const kept = (await openNodeFileSystem(folder).listTrash()).map(({ batch, path, copy }) =>
    readFileSync(join(folder, '.holdfast/trash', copy === 1 ? batch : `${batch}.${copy}`, path), 'utf8'),
  );
  expect(kept.sort()).toEqual(['*.tmp\n', 'written in an editor\n']);
});

it('rules are made where there are none, and nothing is where there is nothing to say', async () => {
  const { folder, file, commands } = await pairWith(null);
  await commands['ignore-set']({ ...ask, text: '' });
  expect(readdirSync(folder)).toEqual([]);
  await commands['ignore-set']({ ...ask, text: '*.tmp\n' });
  expect(readFileSync(file, 'utf8')).toBe('*.tmp\n');
  expect(await openNodeFileSystem(folder).listTrash()).toEqual([]);
});

it('a folder of that name is left alone, in words that say so', async () => {
  const { file, commands } = await pairWith(null);
  mkdirSync(file);
  await expect(commands['ignore-set']({ ...ask, text: '*.tmp\n' })).rejects.toMatchObject({
    kind: 'io',
    message: expect.stringMatching(/^\.holdfastignore cannot be written: .*folder.*\.$/),
  });
});
