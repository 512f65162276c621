import { expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { rootNode } from '../../../src/common/ids.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { localPath } from '../../../src/engine/local-path.ts';
import { observeLocal } from '../../../src/engine/observe/observe-local.ts';
import { allOf } from '../../../src/model/dirty-folders.ts';
import { makeSimFileSystem } from '../../contract/sim-disk.ts';
import { localContext } from '../../helpers/local-context.ts';
import { type SimTraits, simDisks } from '../../sim/disk/sim-traits.ts';

async function pairOn(sim: SimTraits) {
  const { fs, other, disk, root } = await makeSimFileSystem(sim, 'path');
  const context = await localContext(fs);
  const { index } = context;
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
