import { randomBytes } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('a file that turns out to hold what the vault held still gets what another device wrote while it was read', async () => {
  let whileRead: (() => Promise<void>) | null = null;
  let isWritten = Promise.resolve();
  world = await syncWorld({
    // Both files go up in one round, however long it took to write them.
    clock: { ...systemClock, now: () => systemClock.now() + 5_000 },
    through: (fs) => ({
      ...fs,
      openFile: async (path) => {
        const file = await fs.openFile(path);
        const read: typeof file.read = async (...given) => {
          const act = path === 'large' ? whileRead : null;
          whileRead = act === null ? whileRead : null;
          await act?.();
          return file.read(...given);
        };
        return { ...file, read };
      },
      // Of small ones.
      readFiles: async (files) => {
        await isWritten;
        return fs.readFiles(files);
      },
    }),
  });
  const a = await world.device('A');
  const b = await world.device('B');
  const [first, second] = [randomBytes(1_000_000), randomBytes(900_000)];
  const large = join(a.folder, 'large');
  writeFileSync(large, first);
  await a.pair.sync();
  await b.pair.sync();

  world.storage.before = (call) => {
    if (call === 'putObjects') throw new HoldfastError('offline', 'The server cannot be reached.');
  };
  writeFileSync(large, Buffer.concat([first, randomBytes(10_000)]));
  expect(await a.pair.sync()).toMatchObject({ isConverged: false });
  world.storage.before = () => undefined;

  writeFileSync(join(a.folder, 'small'), 'small');
  writeFileSync(large, first);
  const written = Promise.withResolvers<void>();
  isWritten = written.promise;
  whileRead = async () => {
    writeFileSync(join(b.folder, 'large'), second);
    await b.pair.sync();
    written.resolve();
    await eventually(() => a.pair.status().seq >= b.pair.status().seq);
  };
  expect(await a.pair.sync()).toMatchObject({ isConverged: true });
  expect(readFileSync(large).equals(second)).toBe(true);
});

test('[F-MAN-4] a page that the server mangles holds up nothing but the file that was touched', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const large = join(a.folder, 'large');
  writeFileSync(large, randomBytes(17 * 1024 * 1024));
  await a.pair.sync();
  for (const bytes of world.storage.vault(world.vault).objects.values()) bytes[30] = (bytes[30] ?? 0) ^ 1;

  utimesSync(large, 1, 1);
  writeFileSync(join(a.folder, 'small'), 'small');
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, issues: 0 });
});
