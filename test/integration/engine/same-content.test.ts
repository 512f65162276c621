import { randomBytes } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('a file that turns out to hold what the vault held still gets what another device wrote while it was read', async () => {
  let whileRead: (() => Promise<void>) | null = null;
  world = await syncWorld({
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

  writeFileSync(large, first);
  writeFileSync(join(a.folder, 'small'), 'small');
  whileRead = async () => {
    const { seq } = a.pair.status();
    writeFileSync(join(b.folder, 'large'), second);
    await b.pair.sync();
    await eventually(() => a.pair.status().seq > seq);
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
