import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { rootPath } from '../../../src/common/relative-path.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

it('a file that iCloud took off the disk is not deleted, waits for its download, and its stub goes nowhere', async () => {
  const world = await syncWorld({
    clock: { ...systemClock, now: () => systemClock.now() + 5_000 },
    through: (fs, device) => (device === 'mac' ? openNodeFileSystem(fs.location, { hasCloudStubs: true }) : fs),
  });
  const mac = await world.device('mac');
  const pc = await world.device('pc');
  const [file, stub] = [join(mac.folder, 'letter.txt'), join(mac.folder, '.letter.txt.icloud')];
  const both = async () => [await mac.pair.sync(), await pc.pair.sync()];
  writeFileSync(file, 'dear ada');
  writeFileSync(join(mac.folder, '.icloud'), 'no stub');
  await both();
  const whole = readTree(pc.folder);
  expect(whole).toEqual({ '.icloud': 'no stub', 'letter.txt': 'dear ada' });

  // As it does it: the content is kept aside here, so that it can come back.
  renameSync(file, join(mac.folder, '..', 'in the cloud'));
  writeFileSync(stub, 'where it is');
  await both();
  expect(readTree(pc.folder)).toEqual(whole);
  expect(await mac.pair.issues()).toMatchObject([
    { path: 'letter.txt', message: expect.stringContaining('it is only in iCloud; download it') },
  ]);
  expect(mac.pair.status()).toMatchObject({ state: 'needs-attention', pending: 0 });
  const seen = await openNodeFileSystem(mac.folder, { hasCloudStubs: true }).listNamed(
    rootPath,
    new Set(['.letter.txt.icloud']),
  );
  expect(seen).toMatchObject({ listing: { entries: [], problems: [{ name: 'letter.txt' }] } });

  rmSync(stub);
  renameSync(join(mac.folder, '..', 'in the cloud'), file);
  await both();
  expect(mac.pair.status()).toMatchObject({ state: 'up-to-date', issues: 0 });
  expect(readTree(mac.folder)).toEqual(whole);

  rmSync(file);
  await both();
  expect(Object.keys(readTree(pc.folder))).not.toContain('letter.txt');
  await world.close();
});
