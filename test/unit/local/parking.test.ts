import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { found, path } from '../../contract/file-system-contract.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { makeSimDisk } from '../../sim/disk/sim-disk.ts';
import { simDisks } from '../../sim/disk/sim-traits.ts';
import { dice } from '../../sim/random.ts';

const cut = (): never => {
  throw Object.assign(new Error('the power is cut'), { code: 'EIO' });
};

/** Two files that exchange their names; the power goes when the second one has both its places. */
async function exchangeCut(statfsType: number | null = null) {
  const root = join(await tempFolder('parking'), 'root');
  mkdirSync(root);
  writeFileSync(join(root, 'a'), 'A');
  writeFileSync(join(root, 'b'), 'B');
  let isCut = false;
  const disk = {
    ...nodeDisk,
    ...(statfsType === null ? {} : { statfsSync: (at: string) => ({ ...nodeDisk.statfsSync(at), type: statfsType }) }),
    unlinkSync: (at: string) => (isCut ? cut() : nodeDisk.unlinkSync(at)),
  };
  const open = () => openNodeFileSystem(root, { disk });
  const fs = open();
  await fs.park(path('a'), await found(fs, 'a'), 'k1');
  await fs.move(path('b'), path('a'), await found(fs, 'b'));
  isCut = true;
  await fs.unpark('k1', path('b')).catch(() => undefined);
  isCut = false;
  return {
    root,
    recover: async (): Promise<readonly RelativePath[]> => open().recoverStage(),
    read: () =>
      Object.fromEntries(
        readdirSync(root)
          .filter((name) => name !== '.holdfast')
          .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
      ),
    parked: () => readdirSync(join(root, '.holdfast/parked')),
  };
}

it('what reached its new name and has not lost the other one yet is where it was to go, and nowhere else', async () => {
  const { recover, read, parked } = await exchangeCut();
  expect(read()).toEqual({ a: 'B', b: 'A' });
  expect(await recover()).toEqual(['b']);
  expect(read()).toEqual({ a: 'B', b: 'A' });
  expect(parked()).toEqual([]);
});

it('what a person did with the new name since is no arrival: the file comes back beside the old one', async () => {
  const { root, recover, read } = await exchangeCut();
  nodeDisk.renameSync(join(root, 'b'), join(root, 'mine'));
  writeFileSync(join(root, 'b'), 'A');
  expect(await recover()).toEqual(['a (2)']);
  expect(read()).toEqual({ a: 'B', b: 'A', mine: 'A', 'a (2)': 'A' });
});

it('a second name that a person gave it is no reason to drop the one here', async () => {
  const root = join(await tempFolder('parking'), 'root');
  mkdirSync(root);
  writeFileSync(join(root, 'a'), 'A');
  linkSync(join(root, 'a'), join(root, 'mine'));
  const fs = openNodeFileSystem(root);
  await fs.park(path('a'), await found(fs, 'a'), 'k1');
  expect(await openNodeFileSystem(root).recoverStage()).toEqual(['a']);
  expect(existsSync(join(root, 'mine'))).toBe(true);
});

it('where file numbers are made up, size and time of two files say nothing', async () => {
  const fuse = 0x65735546;
  const { recover, read } = await exchangeCut(fuse);
  expect(await recover()).toEqual(['a (2)']);
  expect(read()).toEqual({ a: 'B', b: 'A', 'a (2)': 'A' });
});

it('what was brought back is there for good: the power that goes right after that takes nothing', async () => {
  const root = '/home/person/root';
  const clock = { now: Date.now, monotonic: () => 0, sleep: async () => undefined };
  for (let seed = 1; seed <= 20; seed++) {
    const disk = makeSimDisk({ clock, dice: dice(seed, 'disk'), traits: simDisks['ext4, hasty'] });
    const open = () => openNodeFileSystem(root, { disk: disk.open(), now: clock.now });
    disk.person.makeFolder(`${root}/d`);
    disk.person.write(`${root}/d/a`, 'A', { isSynced: true });
    const fs = open();
    disk.person.sync();
    await fs.park(path('d/a'), await found(fs, 'd/a'), 'k1');
    disk.crash();
    expect(await open().recoverStage()).toEqual(['d/a']);
    disk.crash({ powerCut: true });
    expect(disk.person.readText(`${root}/d/a`)).toBe('A');
  }
});
