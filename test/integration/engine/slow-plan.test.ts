import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { diskError } from '../../../src/common/disk-error.ts';
import type { IndexReader } from '../../../src/db/index-port.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('what failed still waits, and is shown, where its wait ends while a plan is made', async () => {
  let isFull = true;
  let ahead = 5000;
  world = await syncWorld({
    clock: { ...systemClock, now: () => systemClock.now() + ahead },
    through: (fs, device) => ({
      ...fs,
      makeFolder: async (path) => {
        if (device === 'B' && isFull) throw diskError('too-long');
        return fs.makeFolder(path);
      },
    }),
  });
  const a = await world.device('A');
  mkdirSync(join(a.folder, 'long'));
  writeFileSync(join(a.folder, 'long', 'inner'), 'inner');
  await a.pair.sync();
  const b = await world.device('B');

  // Each plan takes longer than the first wait: this is what it reads when it begins.
  const read = b.index.read as { blockedNodes: IndexReader['blockedNodes'] };
  const { blockedNodes } = read;
  read.blockedNodes = () => {
    ahead += 4000;
    return blockedNodes();
  };
  const result = await b.pair.sync();
  read.blockedNodes = blockedNodes;
  expect(result).toMatchObject({ isConverged: false, issues: 1 });
  expect(await b.pair.issues()).toMatchObject([{ kind: 'name-not-syncable', path: 'long' }]);
  expect(b.pair.status().state).toBe('needs-attention');

  isFull = false;
  ahead += 3_600_000;
  expect(await b.pair.sync()).toMatchObject({ isConverged: true, issues: 0 });
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});
