import { describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { PairId, VaultId } from '../../../src/common/ids.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import type { Anchoring } from '../../../src/local/local-root.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { makeTimeSlice } from '../../../src/local/time-slice.ts';
import { bytes, found, path, reasonOf } from '../../contract/file-system-contract.ts';
import { dice } from '../random.ts';
import { makeSimDisk, type SimDisk } from './sim-disk.ts';
import { type SimTraits, simDisks } from './sim-traits.ts';

/**
 * Nothing is lost, whenever the process dies or the power goes: each operation is cut after its calls, after some of them if
 * they are many. `HOLDFAST_FULL=1`: after each.
 */

const root = '/home/f';
const decoder = new TextDecoder();

interface World {
  readonly disk: SimDisk;
  readonly fs: FileSystem;
  /** The program lives for so many more calls. */
  liveFor(calls: number, died: () => void): void;
  calls(): number;
  reopen(): FileSystem;
}

async function world(seed: number, traits: SimTraits, anchoring: Anchoring): Promise<World> {
  let time = 1_700_000_000_000;
  const clock = { now: () => time++, monotonic: () => 0, sleep: async () => undefined };
  const random = dice(seed, 'world');
  const disk = makeSimDisk({ clock, dice: random, traits });
  disk.person.makeFolder(root);
  const open = () => {
    const program = disk.open();
    const fs = openNodeFileSystem(root, {
      disk: program,
      random,
      anchoring,
      now: clock.now,
      slice: makeTimeSlice(clock),
    });
    return { program, fs };
  };
  const first = open();
  return {
    disk,
    fs: first.fs,
    liveFor: first.program.endAfter,
    calls: () => first.program.calls,
    reopen: () => open().fs,
  };
}

interface Operation {
  prepare(at: World): Promise<void> | void;
  act(fs: FileSystem): Promise<unknown>;
  /** Checked after any cut; `isDone`: the operation had said that it was done. */
  check(disk: SimDisk, isDone: boolean): void;
  /** Checked once the program was there again. */
  recovered?(disk: SimDisk): void;
}

const textAt = (disk: SimDisk, name: string): string | null => {
  const content = disk.contentOf(`${root}/${name}`);
  return content === null ? null : decoder.decode(content);
};

const textsIn = (disk: SimDisk): string[] =>
  [...disk.snapshot(root).values()].filter(({ kind }) => kind === 'file').map((node) => decoder.decode(node.bytes));

async function stage(fs: FileSystem, text: string) {
  const file = await fs.createStaged();
  await file.write(bytes(text), 0);
  await file.finish({ mtimeUs: 1_600_000_000_000_000, exec: false });
  await fs.syncStaged([file]);
  return file;
}

const old = 'old, of some length';
const fresh = 'the new content';

/** The old content at its place or in the trash, whatever happened. */
const keepsOld = (disk: SimDisk): void => expect(textsIn(disk)).toContain(old);

const operations: Record<string, Operation> = {
  'placing a new file': {
    prepare: ({ disk }) => disk.person.makeFolder(`${root}/d`),
    act: async (fs) => {
      await fs.placeStaged(await stage(fs, fresh), path('d/a'), null, 'b1');
      await fs.syncFolders([path('d')]);
    },
    check: (disk, isDone) => {
      expect([fresh, ...(isDone ? [] : [null])]).toContain(textAt(disk, 'd/a'));
    },
  },
  'placing new files together': {
    prepare: ({ disk }) => disk.person.makeFolder(`${root}/d`),
    act: async (fs) => {
      const files = await fs.stageAll([fresh, old].map((text) => ({ bytes: bytes(text), mtimeUs: 0, exec: false })));
      await fs.syncStaged(files);
      await fs.placeAll(files.map((file, i) => ({ file, path: path(`d/${i}`) })));
      await fs.syncFolders([path('d')]);
    },
    check: (disk, isDone) => {
      expect([fresh, ...(isDone ? [] : [null])]).toContain(textAt(disk, 'd/0'));
      expect([old, ...(isDone ? [] : [null])]).toContain(textAt(disk, 'd/1'));
    },
  },
  'placing over a file': {
    prepare: ({ disk }) => disk.person.write(`${root}/a`, old),
    act: async (fs) => {
      const before = await found(fs, 'a');
      await fs.placeStaged(await stage(fs, fresh), path('a'), before, 'b1');
      await fs.syncFolders([path('')]);
    },
    check: (disk, isDone) => {
      expect(isDone ? [fresh] : [old, fresh]).toContain(textAt(disk, 'a'));
      keepsOld(disk);
    },
  },
  'placing many': {
    prepare: ({ disk }) => {
      for (let i = 0; i < 20; i++) disk.person.write(`${root}/a${i}`, `old ${i}`);
    },
    act: async (fs) => {
      const files = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const file = await fs.createStaged();
          await file.write(bytes(`new ${i}`), 0);
          await file.finish({ mtimeUs: 1_600_000_000_000_000, exec: false });
          return file;
        }),
      );
      await fs.syncStaged(files);
      for (const [i, file] of files.entries()) {
        await fs.placeStaged(file, path(`a${i}`), await found(fs, `a${i}`), 'b1');
      }
      await fs.syncFolders([path('')]);
    },
    check: (disk, isDone) => {
      const all = new Set(textsIn(disk));
      const wrong = Array.from({ length: 20 }, (_, i) => i).filter((i) => {
        const text = textAt(disk, `a${i}`);
        return !(text === `new ${i}` || (!isDone && text === `old ${i}`)) || !all.has(`old ${i}`);
      });
      expect(wrong).toEqual([]);
    },
  },
  'moving a file': {
    prepare: ({ disk }) => {
      disk.person.write(`${root}/a`, old);
      disk.person.makeFolder(`${root}/d`);
    },
    act: async (fs) => {
      await fs.move(path('a'), path('d/b'), await found(fs, 'a'));
      await fs.syncFolders([path(''), path('d')]);
    },
    check: (disk, isDone) => {
      const places = [textAt(disk, 'a'), textAt(disk, 'd/b')];
      expect(places).toContain(old);
      if (isDone) expect(places).toEqual([null, old]);
    },
  },
  'moving a folder': {
    prepare: ({ disk }) => {
      disk.person.makeFolder(`${root}/d/e`);
      disk.person.write(`${root}/d/e/a`, old);
      disk.person.makeFolder(`${root}/to`);
    },
    act: async (fs) => {
      await fs.move(path('d/e'), path('to/e'), await found(fs, 'd/e'));
      await fs.syncFolders([path('d'), path('to')]);
    },
    check: (disk, isDone) => {
      const places = [textAt(disk, 'd/e/a'), textAt(disk, 'to/e/a')];
      expect(places.filter((text) => text === old)).toHaveLength(1);
      if (isDone) expect(places[1]).toBe(old);
    },
  },
  'trashing a file': {
    prepare: ({ disk }) => disk.person.write(`${root}/a`, old),
    act: async (fs) => {
      await fs.trashFile(path('a'), await found(fs, 'a'), 'b1');
      await fs.syncFolders([path('')]);
    },
    check: (disk, isDone) => {
      keepsOld(disk);
      if (isDone) expect(textAt(disk, 'a')).toBeNull();
    },
  },
  'bringing back from the trash': {
    prepare: async ({ disk, fs }) => {
      disk.person.write(`${root}/a`, old);
      await fs.trashFile(path('a'), await found(fs, 'a'), 'b1');
    },
    act: async (fs) => {
      await fs.restoreTrashed(must((await fs.listTrash())[0]), path('b'));
      await fs.syncFolders([path('')]);
    },
    check: (disk, isDone) => {
      keepsOld(disk);
      if (isDone) expect(textAt(disk, 'b')).toBe(old);
    },
  },
  'parking two that change places': {
    prepare: ({ disk }) => {
      disk.person.write(`${root}/a`, old);
      disk.person.write(`${root}/b`, 'B');
    },
    act: async (fs) => {
      await fs.park(path('a'), await found(fs, 'a'), 'k1');
      await fs.move(path('b'), path('a'), await found(fs, 'b'));
      await fs.unpark('k1', path('b'));
      await fs.syncFolders([path('')]);
    },
    check: (disk) => {
      keepsOld(disk);
      expect(textsIn(disk)).toContain('B');
    },
    // What was parked is at one place, not beside itself.
    recovered: (disk) => expect(textsIn(disk).filter((text) => text === old)).toHaveLength(1),
  },
  'parking one': {
    prepare: ({ disk }) => {
      disk.person.makeFolder(`${root}/d`);
      disk.person.write(`${root}/d/a`, old);
    },
    act: async (fs) => fs.park(path('d/a'), await found(fs, 'd/a'), 'k1'),
    // It has its place again, or it is known where that is.
    check: (disk) => {
      if (textAt(disk, 'd/a') !== null) return expect(textAt(disk, 'd/a')).toBe(old);
      expect(textAt(disk, '.holdfast/parked/k1/item')).toBe(old);
      expect(JSON.parse(textAt(disk, '.holdfast/parked/k1/origin') ?? 'null')).toEqual({ origin: 'd/a' });
    },
  },
  'making its own folder': {
    prepare: () => undefined,
    act: (fs) => fs.writeMarker({ pairId: 'a'.repeat(32) as PairId, vaultId: 'b'.repeat(32) as VaultId, madeAt: 1 }),
    check: (disk, isDone) => {
      const text = textAt(disk, '.holdfast/marker');
      if (isDone || text !== null) expect(JSON.parse(text ?? '')).toMatchObject({ madeAt: 1 });
    },
  },
};

async function cut(name: string, seed: number, calls: number, traits: SimTraits, how: 'power' | 'process') {
  const at = await world(seed, traits, 'path');
  const operation = operations[name] as Operation;
  await operation.prepare(at);
  at.disk.person.sync();
  let isCut = false;
  let isDone = false;
  at.liveFor(calls, () => {
    isCut = true;
    at.disk.crash({ powerCut: how === 'power' });
  });
  try {
    await operation.act(at.fs);
    isDone = !isCut;
  } catch (error) {
    if (!isCut) throw error;
  }
  if (!isCut) at.disk.crash({ powerCut: how === 'power' });
  operation.check(at.disk, isDone);
  await at.reopen().recoverStage();
  operation.check(at.disk, isDone);
  operation.recovered?.(at.disk);
}

const kinds = ['ext4', 'ext4, hasty', 'fat', 'network'] as const;
const isFull = process.env['HOLDFAST_FULL'] === '1';
const seeds = isFull ? 5 : 2;
const mostPoints = isFull ? Number.POSITIVE_INFINITY : 40;

/** How many calls the operation makes when nothing cuts it. */
async function callsOf(name: string, traits: SimTraits): Promise<number> {
  const at = await world(0, traits, 'path');
  const operation = operations[name] as Operation;
  await operation.prepare(at);
  at.disk.person.sync();
  const before = at.calls();
  await operation.act(at.fs);
  return at.calls() - before;
}

describe.each(kinds)('cut after a call, %s', (kind) => {
  it.each(Object.keys(operations))('%s', async (name) => {
    const traits = simDisks[kind];
    const total = await callsOf(name, traits);
    const step = Math.max(1, total / mostPoints);
    for (let point = 1; point <= total + step; point += step) {
      const calls = Math.floor(point);
      for (let seed = -1; seed < seeds; seed++) {
        const how = seed < 0 ? 'process' : 'power';
        try {
          await cut(name, seed + calls, calls, traits, how);
        } catch (error) {
          throw new Error(`${how} cut after ${calls} calls, seed ${seed + calls}`, { cause: error });
        }
      }
    }
    expect(total).toBeGreaterThan(15);
  });
});

it('a staged file whose sync failed is gone, so that no later sync vouches for it', async () => {
  for (const calls of [['fsync'], ['syncVolume', 'fsync']] as const) {
    const { fs, disk } = await world(1, simDisks.ext4, 'path');
    const count = calls.length === 1 ? 1 : 20;
    const key = (i: number): string => `${i}`.padStart(32, 'a');
    const files = await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const file = await fs.createStaged(key(i));
        await file.write(bytes(fresh), 0);
        await file.finish({ mtimeUs: 1, exec: false });
        return file;
      }),
    );
    const takeBack = disk.fail({ code: 'EIO', calls: [...calls] });
    expect(await reasonOf(fs.syncStaged(files))).toBe('failed');
    takeBack();
    for (const file of files) await file.leave();
    expect(await reasonOf(fs.syncStaged(files))).toContain('finished before it is synced');
    expect((await fs.createStaged(key(0))).leftBytes).toBe(0);
  }
});
