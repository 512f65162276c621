import { describe, expect, it } from 'vitest';
import type { RelativePath } from '../../src/common/relative-path.ts';
import type { WatchHint } from '../../src/local/watcher.ts';
import { makeSimDisk, type SimDisk } from '../sim/disk/sim-disk.ts';
import { makeSimWatcher } from '../sim/disk/sim-watcher.ts';
import { dice } from '../sim/random.ts';
import { type Ground, watcherContract } from './watcher-contract.ts';

// Only the end of its handles means nothing here: a simulated watcher holds none of the system's.

const clock = {
  now: () => Date.now(),
  sleep: () => new Promise<void>((resolve) => void setImmediate(resolve)),
};

function groundOn({ person }: SimDisk): Ground {
  let count = 0;
  return {
    newFolder: async () => {
      const folder = `/home/${count++}`;
      person.makeFolder(folder);
      return folder;
    },
    makeFolder: person.makeFolder,
    write: (path, text) => person.write(path, text),
    rename: person.rename,
    remove: person.remove,
  };
}

for (const [title, overflow] of [
  ['losing nothing', 0],
  ['running over', 0.1],
] as const) {
  const disk = makeSimDisk({ clock, dice: dice(1, 'disk') });
  watcherContract(
    `simulated, ${title}`,
    (location, options) => makeSimWatcher(disk, location, { ...options, clock, dice: dice(1, 'watcher'), overflow }),
    groundOn(disk),
  );
}

describe('a simulated watcher', () => {
  async function said(options: { deafness?: number; overflow?: number }) {
    const own = makeSimDisk({ clock, dice: dice(1, 'disk') });
    own.person.makeFolder('/f');
    const hints: WatchHint[] = [];
    let lost = 0;
    const watcher = makeSimWatcher(own, '/f', {
      onHint: (hint) => void hints.push(hint),
      isIgnored: () => false,
      clock,
      dice: dice(2, 'watcher'),
      onLost: () => void lost++,
      ...options,
    });
    await watcher.start();
    for (let i = 0; i < 100; i++) {
      own.person.makeFolder(`/f/d${i}`);
      await clock.sleep();
    }
    await watcher.close();
    const dirty = new Set(hints.flatMap((hint) => (hint.type === 'dirty' ? [...hint.folders.keys()] : [])));
    return { dirty, lost, rescans: hints.filter((hint) => hint.type === 'rescan').length };
  }

  it('loses what the seed says, and says so to the test alone', async () => {
    const { dirty, lost, rescans } = await said({ deafness: 0.3 });
    expect(lost).toBeGreaterThan(10);
    expect(dirty.size).toBe(101 - lost);
    expect([dirty.has('' as RelativePath), rescans]).toEqual([true, 0]);
  });

  it('asks for a rescan when its queue ran over', async () => {
    const { dirty, lost, rescans } = await said({ overflow: 0.3 });
    expect([lost, rescans > 10, dirty.size < 100]).toEqual([0, true, true]);
  });
});
