import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomSteps } from '../../helpers/random-steps.ts';
import { syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 12);
const firstSeed = Number(process.env['HOLDFAST_SEED'] ?? 1);

/** Sizes of all contents that the vault still knows; contents in these histories have sizes of their own. */
function revisionSizes(device: WorldDevice): Set<number> {
  const sizes = new Set<number>();
  for (const row of device.index.read.vaultRows()) {
    for (const revision of device.index.read.revisionsOf(row.id)) sizes.add(revision.size);
  }
  return sizes;
}

function trashSizes(folder: string): number[] {
  const trash = join(folder, '.holdfast/trash');
  try {
    return readdirSync(trash, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  } catch {
    return [];
  }
}

describe('random histories of several devices converge and lose nothing', () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    test(`seed ${seed}`, async () => {
      const world = await syncWorld();
      try {
        const steps = randomSteps(seed);
        const count = steps.pick([2, 2, 3]);
        const devices: WorldDevice[] = [];
        for (let i = 0; i < count; i++) devices.push(await world.device(`device-${i}`));
        /** Contents on a device's disk that it has not synced yet, by path-independent size. */
        const secured = new Set<number>();
        let nextSize = 10;

        const paths = (root: string, kind: 'file' | 'folder'): string[] =>
          Object.keys(readTree(root)).filter((path) => path.endsWith('/') === (kind === 'folder'));
        const write = (path: string): void => writeFileSync(path, 'x'.repeat(nextSize++));

        const act = (device: WorldDevice): void => {
          const root = device.folder;
          const folders = ['', ...paths(root, 'folder')];
          const files = paths(root, 'file');
          const name = steps.pick(['a', 'b', 'c', 'd', 'e']);
          const target = join(root, steps.pick(folders), name);
          try {
            switch (steps.below(9)) {
              case 0:
              case 1:
                write(target);
                break;
              case 2:
                mkdirSync(target);
                break;
              case 3:
                if (files.length > 0) write(join(root, steps.pick(files)));
                break;
              case 4:
                if (files.length > 0) rmSync(join(root, steps.pick(files)));
                break;
              case 5:
                if (folders.length > 1) rmSync(join(root, steps.pick(folders.slice(1))), { recursive: true });
                break;
              case 6:
                if (files.length > 0) renameSync(join(root, steps.pick(files)), target);
                break;
              case 7:
                if (folders.length > 1) renameSync(join(root, steps.pick(folders.slice(1))), target);
                break;
              default:
                break;
            }
          } catch {
            // Not possible on this disk as it is (a folder into itself, a file where a folder is): no change.
          }
        };

        for (let step = 0; step < 40; step++) {
          const at = steps.below(devices.length);
          const device = devices[at] as WorldDevice;
          for (let i = steps.below(4); i >= 0; i--) act(device);
          if (steps.below(3) === 0) {
            for (const path of paths(device.folder, 'file')) secured.add(statSync(join(device.folder, path)).size);
            const result = await device.pair.sync();
            for (const issue of await device.pair.issues()) {
              if (issue.kind === 'held-deletes') await device.pair.resolve(issue.id, steps.pick(['allow', 'restore']));
            }
            expect(result.issues === 0 || result.held > 0).toBe(true);
          }
          if (steps.below(12) === 0) devices[at] = await device.restart();
        }
        for (const device of devices) {
          for (const path of paths(device.folder, 'file')) secured.add(statSync(join(device.folder, path)).size);
        }
        for (let round = 0; round < 6; round++) {
          for (const device of devices) {
            await device.pair.sync();
            for (const issue of await device.pair.issues()) await device.pair.resolve(issue.id, 'allow');
          }
        }
        const calls = world.storage.calls.length;
        for (const device of devices) {
          const result = await device.pair.sync();
          expect(result).toMatchObject({ isConverged: true, operations: 0, issues: 0 });
          expect(device.index.integrityCheck()).toEqual([]);
          expect(readdirSync(join(device.folder, '.holdfast/stage'))).toEqual([]);
        }
        expect(world.storage.calls.slice(calls).filter((call) => call !== 'getLog')).toEqual([]);
        const [first, ...others] = devices.map((device) => readTree(device.folder));
        for (const other of others) expect(other).toEqual(first);
        const known = new Set<number>(Object.values(first ?? {}).map((content) => content.length));
        for (const device of devices) {
          for (const size of revisionSizes(device)) known.add(size);
          for (const size of trashSizes(device.folder)) known.add(size);
        }
        expect([...secured].filter((size) => size > 0 && !known.has(size))).toEqual([]);
      } finally {
        await world.close();
      }
    });
  }
});
