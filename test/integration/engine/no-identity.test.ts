import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { rootNode } from '../../../src/common/ids.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import type { LocalContext } from '../../../src/engine/context.ts';
import { localPath } from '../../../src/engine/local-path.ts';
import { observeLocal } from '../../../src/engine/observe-local.ts';
import { makeIgnoreRules } from '../../../src/local/ignore-rules.ts';
import { allOf } from '../../../src/model/dirty-folders.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { makeSimFileSystem } from '../../contract/sim-disk.ts';
import { type SimTraits, simDisks } from '../../sim/disk/sim-traits.ts';

async function pairOn(sim: SimTraits) {
  const { fs, other, disk, root } = await makeSimFileSystem(sim, 'path');
  const traits = await fs.probeVolume();
  const index = openIndex(':memory:', { rules: traits.nameRules, isDiverged });
  const context: LocalContext = {
    index,
    fs,
    traits,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    ignore: makeIgnoreRules(),
  };
  const look = async (...folders: string[]): Promise<void> => {
    const scope = folders.length === 0 ? 'all' : allOf(folders as RelativePath[]);
    await observeLocal(context, { scope, isContentSame: async () => false });
  };
  const places = () => new Map([...index.read.locals()].map(({ id }) => [id, localPath(index.read, id)]));
  /** Without any time passing. */
  const atOnce = { makeFolder: (path: string) => disk.person.makeFolder(`${root}/${path}`) };
  return { index, other, atOnce, look, places };
}

test('where nothing tells things apart, a new folder is none of those that are known', async () => {
  const { index, other, look, places } = await pairOn(simDisks.fuse);

  await other.makeFolder('first');
  await other.write('first/f', 'one');
  await look();
  await other.makeFolder('second');
  await look();
  // As the engine does it when the vault says so.
  const [first, second] = ['first', 'second'].map((name) =>
    index.read.localRowsOf(rootNode).find((row) => row.name === name),
  );
  await other.rename('first', 'second/first');
  index.transaction((write) => write.putLocal({ ...must(first), parent: must(second).id }));
  const before = places();
  expect(new Set(before.values())).toEqual(new Set(['second', 'second/first', 'second/first/f']));
  await other.makeFolder('new');
  await other.write('new/f', 'one');
  await look();
  const after = places();
  for (const [id, path] of before) expect(after.get(id)).toBe(path);
  expect(after.size).toBe(5);
});

test('of folders made at one moment, the one that moved is the one that is gone from its place', async () => {
  const { other, atOnce, look, places } = await pairOn(simDisks.fat);
  await other.makeFolder('to');
  await other.makeFolder('made');
  atOnce.makeFolder('made/stays');
  atOnce.makeFolder('made/goes');
  atOnce.makeFolder('made/stays, too');
  await look();
  const before = places();
  await other.rename('made/goes', 'to/gone');
  // What is hinted at; that nothing happened to the others is to be seen on the disk.
  await look('to');
  await look('made');
  const after = places();
  for (const [id, path] of before) expect(after.get(id)).toBe(path === 'made/goes' ? 'to/gone' : path);
});
