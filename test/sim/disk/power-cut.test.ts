import { constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dice } from '../random.ts';
import { makeSimDisk, type SimDisk } from './sim-disk.ts';
import type { SimProcess } from './sim-process.ts';
import { ext4, type SimTraits, simDisks } from './sim-traits.ts';

const folder = '/home/f';
const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const decoder = new TextDecoder();

interface World {
  readonly disk: SimDisk;
  readonly program: SimProcess;
  pass(ms: number): void;
  /** The names and contents in the folder. */
  seen(): Record<string, string>;
}

function world(seed: number, traits: SimTraits = ext4): World {
  let time = 1_700_000_000_000;
  const disk = makeSimDisk({ clock: { now: () => time }, dice: dice(seed, 'disk'), traits });
  disk.person.makeFolder(folder);
  disk.person.sync();
  return {
    disk,
    program: disk.open(),
    pass: (ms) => {
      time += ms;
    },
    seen: () =>
      Object.fromEntries([...disk.snapshot(folder)].map(([path, { bytes }]) => [path, decoder.decode(bytes)])),
  };
}

/** What is seen after a power cut, for each seed. */
function outcomes(act: (at: World) => void, traits?: SimTraits): Set<string> {
  const found = new Set<string>();
  for (const seed of seeds) {
    const at = world(seed, traits);
    act(at);
    at.disk.crash({ powerCut: true });
    found.add(JSON.stringify(at.seen()));
  }
  return found;
}

const sync = (program: SimProcess, path: string): void => {
  const handle = program.openSync(path, constants.O_RDONLY);
  program.fsyncSync(handle);
  program.closeSync(handle);
};

describe.each([
  ['log', ext4],
  ['graph', simDisks['ext4, hasty']],
])('a power cut, names by %s', (_, traits) => {
  it('keeps what was synced, with its folder', () => {
    const found = outcomes(({ disk, program }) => {
      disk.person.write(`${folder}/a`, 'one', { isSynced: true });
      sync(program, folder);
    }, traits);
    expect([...found]).toEqual(['{"a":"one"}']);
  });

  it('may lose the name of a file whose folder was not synced, and never gives it half', () => {
    const found = outcomes(({ disk }) => disk.person.write(`${folder}/a`, 'one', { isSynced: true }), traits);
    expect([...found].sort()).toEqual(['{"a":"one"}', '{}']);
  });

  it('leaves an empty file, part of it or all, where a file was renamed that was not synced', () => {
    const content = 'x'.repeat(10_000);
    const found = outcomes(({ disk, program }) => {
      disk.person.write(`${folder}/a`, 'old');
      disk.person.sync();
      disk.person.replace(`${folder}/a`, content);
      sync(program, folder);
    }, traits);
    const lengths = new Set([...found].map((text) => (JSON.parse(text).a as string).length));
    expect([...lengths].sort()).toEqual([0, 10_000, 4096, 8192]);
    expect([...found].some((text) => text.includes('\\u0000'))).toBe(true);
  });

  it('shows the old file or the new one, if the new one was synced before the rename', () => {
    const found = outcomes(({ disk }) => {
      disk.person.write(`${folder}/a`, 'old');
      disk.person.sync();
      const handle = disk.person;
      handle.write(`${folder}/b`, 'new', { isSynced: true });
      handle.rename(`${folder}/b`, `${folder}/a`);
    }, traits);
    const texts = [...found].map((text) => JSON.parse(text) as Record<string, string>);
    expect(new Set(texts.map(({ a }) => a))).toEqual(new Set(['old', 'new']));
  });

  it('tears what is written in place', () => {
    const [old, fresh] = ['a'.repeat(12_288), 'b'.repeat(12_288)];
    const found = outcomes(({ disk }) => {
      disk.person.write(`${folder}/a`, old);
      disk.person.sync();
      disk.person.writeAt(`${folder}/a`, fresh, 0);
    }, traits);
    expect(found.size).toBe(8);
  });

  it('takes a truncation and what was written after it apart', () => {
    const found = outcomes(({ disk }) => {
      disk.person.write(`${folder}/a`, 'old');
      disk.person.sync();
      disk.person.write(`${folder}/a`, 'newer');
    }, traits);
    expect([...found].map((text) => JSON.parse(text).a).sort()).toContain('');
    expect(found.size).toBeGreaterThanOrEqual(3);
  });

  it('moves between folders as one step, or not at all', () => {
    const found = outcomes(({ disk }) => {
      disk.person.makeFolder(`${folder}/d`);
      disk.person.write(`${folder}/a`, 'one');
      disk.person.sync();
      disk.person.rename(`${folder}/a`, `${folder}/d/a`);
    }, traits);
    expect([...found].sort()).toEqual(['{"a":"one","d":""}', '{"d":"","d/a":"one"}']);
  });

  it('never has a file in a folder that is not there, nor one that is gone', () => {
    for (const text of outcomes(({ disk, program }) => {
      disk.person.makeFolder(`${folder}/d/e`);
      disk.person.write(`${folder}/d/e/a`, 'one', { isSynced: true });
      disk.person.rename(`${folder}/d/e`, `${folder}/e`);
      sync(program, `${folder}/e`);
    }, traits)) {
      // The synced folder holds the file, wherever it is itself.
      expect(text).toMatch(/"(d\/e|e)\/a":"one"/);
    }
  });

  it('keeps what is old enough that the system wrote it by itself', () => {
    const found = outcomes(({ disk, pass }) => {
      disk.person.write(`${folder}/a`, 'one');
      pass(31_000);
    }, traits);
    expect([...found]).toEqual(['{"a":"one"}']);
  });

  it('knows the same inode again, and gives each its own number', () => {
    for (const seed of seeds) {
      const { disk, program } = world(seed, traits);
      disk.person.write(`${folder}/a`, 'one', { isSynced: true });
      sync(program, folder);
      const { ino } = program.statSync(`${folder}/a`);
      disk.person.remove(`${folder}/a`);
      disk.person.write(`${folder}/b`, 'two', { isSynced: true });
      disk.crash({ powerCut: true });
      const nodes = [...disk.snapshot(folder)];
      expect(new Set(nodes.map(([, node]) => node.ino)).size).toBe(nodes.length);
      expect(disk.snapshot(folder).get('a')?.ino ?? ino).toBe(ino);
    }
  });
});

it('a power cut leaves nothing of a later change and everything of an earlier one, where names are a log', () => {
  const found = outcomes(({ disk }) => {
    for (const name of ['a', 'b', 'c']) disk.person.makeFolder(`${folder}/${name}`);
    disk.person.makeFolder(`${folder}/a/x`);
  });
  expect([...found].sort()).toEqual([
    '{"a":"","a/x":"","b":"","c":""}',
    '{"a":"","b":"","c":""}',
    '{"a":"","b":""}',
    '{"a":""}',
    '{}',
  ]);
});

it('content that did not arrive is never behind the time of the one that should be there, but on an unkind disk', () => {
  const act = (traits: SimTraits): number =>
    seeds.filter((seed) => {
      const { disk, program } = world(seed, traits);
      disk.person.write(`${folder}/a`, 'aaa');
      disk.person.sync();
      disk.person.writeAt(`${folder}/a`, 'bbb', 0);
      const { mtimeMs } = program.statSync(`${folder}/a`);
      disk.crash({ powerCut: true });
      const after = disk.open().statSync(`${folder}/a`);
      return after.mtimeMs === mtimeMs && disk.person.readText(`${folder}/a`) !== 'bbb';
    }).length;
  expect(act(ext4)).toBe(0);
  expect(act({ ...ext4, hasHonestTimes: false })).toBeGreaterThan(10);
});

it('a sync that failed has lost what it should have written, though the next one succeeds', () => {
  const texts = new Set<string>();
  for (const seed of seeds) {
    const { disk, program } = world(seed);
    disk.person.write(`${folder}/a`, 'old');
    disk.person.sync();
    disk.person.writeAt(`${folder}/a`, 'new', 0);
    disk.fail({ code: 'EIO', calls: ['fsync'], nth: 1 });
    expect(() => sync(program, `${folder}/a`)).toThrow('EIO');
    sync(program, `${folder}/a`);
    expect(disk.person.readText(`${folder}/a`)).toBe('new');
    disk.crash({ powerCut: true });
    texts.add(disk.person.readText(`${folder}/a`));
  }
  expect([...texts].sort()).toEqual(['new', 'old']);
});

it('a volume that failed to sync says so, and so does the file, once', async () => {
  const { disk, program } = world(1);
  disk.person.write(`${folder}/a`, 'one');
  disk.fail({ code: 'EIO', calls: ['syncVolume'], nth: 1 });
  expect(await program.syncVolume(folder)).toBe(false);
  expect(() => sync(program, `${folder}/a`)).toThrow('EIO');
  sync(program, `${folder}/a`);
});

it('a crash without a power cut keeps all, and ends the program', () => {
  const { disk, program, seen } = world(1);
  disk.person.write(`${folder}/a`, 'one');
  const handle = program.openSync(`${folder}/a`, constants.O_WRONLY);
  disk.crash();
  expect(() => program.writeSync(handle, new Uint8Array(1), 0, 1, 0)).toThrow('dead');
  expect([program.isAlive, seen()]).toEqual([false, { a: 'one' }]);
  expect(disk.open().statSync(`${folder}/a`).size).toBe(3);
});

it('the same seed leaves the same disk', () => {
  const once = (seed: number): string => {
    const at = world(seed, simDisks['ext4, hasty']);
    for (let i = 0; i < 20; i++) {
      at.disk.person.write(`${folder}/f${i % 7}`, `${i}`.repeat(2000));
      if (i % 5 === 0) at.disk.person.rename(`${folder}/f${i % 7}`, `${folder}/g${i}`);
    }
    at.disk.crash({ powerCut: true });
    return JSON.stringify([...at.disk.snapshot(folder)]);
  };
  expect(once(7)).toBe(once(7));
  expect(new Set(seeds.slice(0, 20).map(once)).size).toBeGreaterThan(10);
});
