import { expect, it } from 'vitest';
import { diskReason } from '../../../src/common/disk-error.ts';
import { found, path } from '../../contract/file-system-contract.ts';
import { makeSimFileSystem } from '../../contract/sim-disk.ts';
import { simDisks } from '../../sim/disk/sim-traits.ts';
import { asWindowsFat } from '../../sim/disk/windows-fat.ts';

const stick = () => makeSimFileSystem(simDisks.fat, 'path', asWindowsFat);

it('another folder at the place of the root has its number, and is not taken for it', async () => {
  const { fs, other, disk, root } = await stick();
  await other.write('f', 'one');
  expect(await fs.listFolder(path(''))).toMatchObject({ ok: true });
  disk.person.rename(root, `${root}-elsewhere`);
  disk.person.makeFolder(root);
  const outcome = await fs.listFolder(path(''));
  expect(outcome.ok ? 'ok' : diskReason(outcome.error)).toBe('root-gone');
});

it('numbers of places are believed in nothing', async () => {
  const { fs, other } = await stick();
  await other.write('f', 'one');
  expect(await found(fs, 'f')).toMatchObject({ dev: 0, ino: 0 });
  expect(await fs.probeVolume()).toMatchObject({ hasStableIds: false });
});
