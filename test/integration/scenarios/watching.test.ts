import { spawnSync } from 'node:child_process';
import { type FSWatcher, mkdirSync, renameSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolderWatcher } from '../../../src/local/folder-watcher.ts';
import { cliDevice, startCliServer } from '../../helpers/cli.ts';
import { eventually } from '../../helpers/eventually.ts';
import { repository, startProgram } from '../../helpers/run.ts';
import type { DeviceSetup, ScenarioDevice } from '../../helpers/scenario-device.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { inStep, withDevices } from '../../helpers/scenario-steps.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const world = worldOfTests();

const on =
  (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>, setups: readonly DeviceSetup[] = []) =>
  (): Promise<void> =>
    withDevices(world, setups, body);

const arrives = (device: ScenarioDevice, path: string, content: string): Promise<unknown> =>
  eventually(() => device.files.has(path) && device.files.read(path) === content, {
    what: `${path} on ${device.name}`,
  });

const quickly = { blindRescanMs: 150, blindRest: 1 };

describe.concurrent('14 Watcher', () => {
  const few = 10;
  test(
    'WAT-02 more folders than the system watches: never said to be up to date, and a change there is found',
    on(
      async (a, b) => {
        for (let i = 0; i < 40; i++) a.files.write(`d${i}/f`, `${i}`);
        await inStep(a, b);
        await a.start();
        await b.start();
        await eventually(() => a.now.pair.status().message.includes('cannot be watched'), { what: 'the status' });
        expect(a.now.pair.status().state).toBe('needs-attention');
        for (const i of [0, 20, 39]) {
          a.files.write(`d${i}/f`, `changed ${i}`);
          await arrives(b, `d${i}/f`, `changed ${i}`);
        }
        expect(a.now.pair.status().state).not.toBe('up-to-date');
      },
      [
        {
          times: quickly,
          watcher: (location, options) => {
            let room = few;
            return makeFolderWatcher(location, options, (path, listener): FSWatcher => {
              if (room-- <= 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
              return watch(path, listener);
            });
          },
        },
      ],
    ),
  );

  test(
    'WAT-03 folders made at once with a file in them: nothing is missed between the making and the watching',
    on(async (a, b) => {
      await a.start();
      await b.start();
      await a.quiet();
      for (let i = 0; i < 20; i++) {
        a.files.write(`a${i}/b/c/d/f`, `${i}`);
        if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let i = 0; i < 20; i++) await arrives(b, `a${i}/b/c/d/f`, `${i}`);
      // They are watched by now as well.
      a.files.write('a7/b/c/d/g', 'later');
      await arrives(b, 'a7/b/c/d/g', 'later');
      await a.quiet();
      await expectOracles([a, b]);
    }),
  );

  test('IGN-12 no watch is spent on what is ignored, from the start, and one is on what is so no more', () => {
    const watched = new Set<string>();
    const watcher: DeviceSetup['watcher'] = (location, options) =>
      makeFolderWatcher(location, options, (path, listener): FSWatcher => {
        const opened = watch(path, listener);
        watched.add(relative(location, path));
        opened.once('close', () => watched.delete(relative(location, path)));
        return opened;
      });
    return withDevices(world, [{ watcher }], async (a) => {
      a.files.write('.holdfastignore', 'tmp/\n');
      a.files.write('d/tmp/deep/x', '1');
      a.files.write('d/e/y', '22');
      a.files.write('d/.holdfastignore', 'deps/\n');
      a.files.write('d/deps/f/z', '333');
      await a.start();
      await eventually(() => a.now.pair.status().state === 'up-to-date', { what: 'a to be up to date' });
      expect([...watched].sort()).toEqual(['', 'd', 'd/e']);
      a.files.write('.holdfastignore', 'e/\n');
      await eventually(() => watched.has('d/tmp/deep') && !watched.has('d/e'), {
        what: 'watches that follow the rules',
      });
      a.files.write('d/.holdfastignore', '#');
      await eventually(() => watched.has('d/deps/f'), { what: 'watches that follow the rules of a folder' });
      a.files.write('d/deps/f/later', '4444');
      await eventually(async () => 'd/deps/f/later' in (await a.vaultTree()), { what: 'a change there' });
    });
  });

  test(
    'IGN-17 what was made where something deselected was is watched from when that is selected again',
    on(async (a, b) => {
      a.files.write('big/f', '1');
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      await b.start();
      const sent = (path: string): Promise<unknown> => {
        const { size } = statSync(join(b.files.root, path));
        return eventually(async () => (await b.vaultTree())[path] === size, { what: `${path} in the vault` });
      };
      b.files.write('big/mine', '22');
      b.files.write('seen', '333');
      await sent('seen');
      await b.now.pair.setSelected('big', true);
      await arrives(b, 'big/f', '1');
      await sent('big/mine');
      b.files.write('big/mine', '4444');
      await sent('big/mine');
    }),
  );

  test(
    'WAT-05 the root renamed, deleted or made anew while it is watched: the pair parks and deletes nothing',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      await inStep(a, b);
      await a.start();
      await b.start();
      await a.quiet();
      const parked = (): Promise<unknown> =>
        eventually(() => a.now.pair.status().state === 'root-missing', { what: 'the pair to park' });
      renameSync(a.files.root, `${a.files.root}-elsewhere`);
      await parked();
      mkdirSync(a.files.root);
      a.now.pair.sync().catch(() => undefined);
      await parked();
      b.files.write('d/y', '22');
      await b.quiet();
      expect(Object.keys(b.files.tree())).toEqual(['d/', 'd/x', 'd/y']);
      rmSync(a.files.root, { recursive: true });
      renameSync(`${a.files.root}-elsewhere`, a.files.root);
      await a.now.pair.sync();
      await arrives(a, 'd/y', '22');
      await b.close();
      await a.close();
      await inStep(a, b);
      await expectOracles([a, b]);
    }),
  );

  test(
    'WAT-06 what is written here by ourselves is not sent back',
    on(async (a, b) => {
      await a.start();
      await b.start();
      await a.quiet();
      await b.quiet();
      b.now.faults.resetCalls();
      for (let i = 0; i < 30; i++) a.files.write(`d${i % 3}/f${i}`, `${i} ${'x'.repeat(i)}`);
      await arrives(b, 'd2/f29', `29 ${'x'.repeat(29)}`);
      await a.quiet();
      await b.quiet();
      a.files.mv('d0', 'd9');
      a.files.rm('d1');
      await eventually(() => b.files.has('d9/f0') && !b.files.has('d1'));
      await b.quiet();
      expect(b.now.faults.objectBytes).toBe(0);
      expect(b.now.faults.calls.filter((call) => call === 'appendEntry' || call === 'putObjects')).toEqual([]);
    }),
  );

  test(
    'WAT-08 a volume that gives no events: what changes is found by looking again',
    on(
      async (a, b) => {
        a.files.write('d/f', '1');
        await inStep(a, b);
        await a.start();
        await b.start();
        a.files.write('d/f', '22');
        await arrives(b, 'd/f', '22');
        a.files.write('e/g', 'new');
        await arrives(b, 'e/g', 'new');
        a.files.rm('e');
        await eventually(() => !b.files.has('e'));
      },
      [{ watcher: null, times: quickly, traits: (found) => ({ ...found, isLocal: false }) }],
    ),
  );

  test(
    'WAT-09 what changes while the folder is being listed is found in the end, without another hint',
    on(
      async (a, b) => {
        for (let i = 0; i < 30; i++) a.files.write(`d${i}/f`, `${i}`);
        await inStep(a, b);
        await a.start();
        await b.start();
        await a.quiet();
        for (let round = 0; round < 5; round++) a.files.write('d15/g', `${round}`);
        await arrives(b, 'd15/g', '4');
        expect(changes).toBeGreaterThan(0);
        await arrives(b, 'd7/late', `late ${changes}`);
        await a.quiet();
      },
      [
        {
          disk: (fs) => {
            // After the listing was made, before it is looked at.
            const change = (path: string): void => {
              if (path === 'd15' && changes < 5) writeFileSync(join(fs.location, 'd7/late'), late(++changes));
            };
            return {
              ...fs,
              listFolder: async (path) => {
                const listing = await fs.listFolder(path);
                change(path);
                return listing;
              },
              listNamed: async (path, names) => {
                const listing = await fs.listNamed(path, names);
                change(path);
                return listing;
              },
            };
          },
        },
      ],
    ),
  );
});

let changes = 0;
const late = (number: number): string => `late ${number}`;

describe('14 Watcher, with limits of the real system', () => {
  test('WAT-02 a user who may watch ten folders', async (context) => {
    const limit = 'echo 10 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"';
    if (spawnSync('unshare', ['-Ur', 'sh', '-c', limit, 'true']).status !== 0) {
      process.stderr.write(
        'SKIPPED: no user namespace can be made here, so its limit of watches is not tested (WAT-02)\n',
      );
      return context.skip('no user namespace can be made here');
    }
    const { url } = await startCliServer();
    const device = await cliDevice();
    const folder = join(await tempFolder('watched'), 'folder');
    for (let i = 0; i < 40; i++) {
      mkdirSync(join(folder, `d${i}`), { recursive: true });
      writeFileSync(join(folder, `d${i}/f`), `${i}`);
    }
    await device.run(['signup', '--server', url, '--email', 'watched@example.org']);
    await device.run(['add', folder]);
    const node = [
      process.execPath,
      join(repository, 'src/cli/holdfast.mjs'),
      'daemon',
      '--home',
      device.home,
      '--json',
    ];
    const daemon = startProgram('unshare', ['-Ur', 'sh', '-c', limit, ...node]);
    await daemon.line();
    await eventually(
      async () => {
        const { json } = await device.run(['status']);
        expect(json.pairs[0]).toMatchObject({ state: 'needs-attention', files: 40 });
        expect(json.pairs[0].message).toMatch(/cannot be watched/);
        return true;
      },
      { what: 'the status to say so' },
    );
    await daemon.kill('SIGTERM');
  });
});
