import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type RelativePath, rootPath } from '../../../src/common/relative-path.ts';
import { observeLocal } from '../../../src/engine/observe/observe-local.ts';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { localContext } from '../../helpers/local-context.ts';
import { tempFolder } from '../../helpers/temp.ts';

const year = 365 * 24 * 3_600_000;

/** A disk such as sshfs shows it: whole seconds, by the clock of the computer that it is in. */
function remoteDisk(stampOf: (path: string) => number): Disk {
  return {
    ...nodeDisk,
    lstatSync: (path) => {
      const stats = nodeDisk.lstatSync(path);
      const stamp = stampOf(path);
      return stats && Object.assign(stats, { mtimeMs: stamp, ctimeMs: stamp });
    },
  };
}

test.each([
  ['right', 0],
  ['5 s ahead', 5000],
  ['5 s behind', -5000],
  ['a year ahead', year],
  ['a year behind', -year],
])('a second save of as many bytes in one second of a remote disk is seen, whose clock is %s', async (_, skew) => {
  const folder = await tempFolder('remote-clock');
  let now = 1_800_000_000_100;
  const diskNow = (): number => Math.floor((now + skew) / 1000) * 1000;
  let saved = 0;
  const save = (text: string): void => {
    writeFileSync(join(folder, 'f'), text);
    saved = diskNow();
  };
  const fs = openNodeFileSystem(folder, {
    disk: remoteDisk((path) => (path.endsWith('/f') ? saved : diskNow())),
    now: () => now,
  });
  const local = await localContext(fs);
  const context = {
    ...local,
    clock: { ...local.clock, now: () => now },
    traits: { ...local.traits, mtimeStepUs: 1_000_000, isLocal: false },
  };
  const read: string[] = [];
  const look = async (): Promise<boolean> => {
    const isContentSame = async (_row: unknown, path: RelativePath): Promise<boolean> => {
      read.push(path);
      return true;
    };
    const { unsettled } = await observeLocal(context, { scope: 'all', isContentSame });
    return unsettled.has(rootPath);
  };

  save('one');
  expect(await look()).toBe(true);
  now += 300;
  save('two');
  expect(await look()).toBe(true);
  expect(read).toEqual(['f']);
  // What is settled is not read each time.
  now += 4000;
  expect(await look()).toBe(false);
  expect(await look()).toBe(false);
  expect(read).toHaveLength(2);
});
