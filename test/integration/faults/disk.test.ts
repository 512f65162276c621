import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, type TestContext, test } from 'vitest';
import { failingDisk, inHurry } from '../../faults/hooks.ts';
import { act, newLedger, owed } from '../../faults/person.ts';
import type { RealDevice } from '../../faults/real-device.ts';
import { expectRealOracles, expectSoundServer, retryAll, settleAll } from '../../faults/real-oracles.ts';
import { type RealWorld, type RealWorldSetup, realWorld } from '../../faults/real-world.ts';
import { imageVolume, memoryVolume, unmountAll } from '../../faults/volume.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { shown } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';

const mib = 1024 * 1024;
let world: RealWorld | null = null;

async function start(setup: RealWorldSetup = {}): Promise<{ a: RealDevice; b: RealDevice; world: RealWorld }> {
  world = await realWorld(setup);
  const [a, b] = world.devices as [RealDevice, RealDevice];
  return { a, b, world };
}

/** The folder of the second device is on a small disk of its own. */
async function startOnVolume(skip: TestContext['skip']) {
  const volume = (await memoryVolume(8)) ?? skip();
  return { volume, ...(await start({ devices: [{}, { folder: join(volume.folder, 'folder') }] })) };
}

afterEach(async () => {
  await world?.close();
  world = null;
  unmountAll();
});

const kinds = async (device: RealDevice): Promise<string[]> =>
  [...new Set((await device.issues()).map(({ kind }) => kind))].sort();

describe('12 Disks that are full or fail, in real processes', () => {
  test('DSK-01 DSK-03 a disk that is full: an issue, nothing in part, nothing goes up from there; then it goes on', async ({
    skip,
  }) => {
    const { volume, a, b, world } = await startOnVolume(skip);
    for (let i = 0; i < 6; i++) a.files.write(`old/${i}`, `old ${i}`);
    a.files.write('moved', 'to be moved');
    await settleAll(world);
    a.files.write('too large', randomBytes(12 * mib));
    a.files.write('fits', 'small');
    a.files.rm('old');
    a.files.mv('moved', 'new/moved');
    await a.sync();
    const whole = a.files.tree();
    const report = await b.trySync();
    expect(report).toMatchObject({ converged: false, filesUp: 0 });
    expect(await kinds(b)).toEqual(['disk-full']);
    expect(b.files.has('too large')).toBe(false);
    for (const [path, content] of Object.entries(b.files.tree())) {
      expect(path.startsWith('old/') || whole[path] === content, `${path} is whole`).toBe(true);
    }
    expect((await a.sync()).operations, 'nothing went up').toBe(0);
    volume.resize(64);
    await retryAll(b);
    await b.sync();
    expect(b.files.tree()).toEqual(whole);
    await expectRealOracles(world);
  });

  test('a disk on which nothing new can be made, also not to try it out: edits go up, and its trash can be emptied', async ({
    skip,
  }) => {
    const { volume, a, b, world } = await startOnVolume(skip);
    a.files.write('kept', 'kept');
    for (const name of ['goes', 'goes, too']) a.files.write(name, name);
    await settleAll(world);
    for (const name of ['goes', 'goes, too']) a.files.rm(name);
    await settleAll(world);
    volume.exhaust();
    b.files.write('kept', 'edited where the disk is full');
    expect(await b.trySync()).toMatchObject({ converged: true, filesUp: 1 });
    await a.sync();
    expect(a.files.read('kept')).toBe('edited where the disk is full');
    expect((await b.run(['empty-trash', '--yes'])).json).toMatchObject({ files: 2 });
    a.files.write('new', 'new');
    await settleAll(world);
    await expectRealOracles(world);
  });

  test('a disk that is read-only when Holdfast starts: what was edited on it before goes up, and what comes waits', async ({
    skip,
  }) => {
    const { volume, a, b, world } = await startOnVolume(skip);
    a.files.write('kept', 'kept');
    await settleAll(world);
    b.files.write('kept', 'edited just before the disk failed');
    a.files.write('new', 'new');
    await a.sync();
    volume.setReadOnly(true);
    expect(await b.trySync()).toMatchObject({ converged: false, filesUp: 1 });
    await a.sync();
    expect(a.files.read('kept')).toBe('edited just before the disk failed');
    const { checks } = (await b.run(['doctor'])).json as { checks: { name: string; result: string }[] };
    expect(checks.find(({ name }) => name.startsWith('index of'))?.result).toBe('ok');
    volume.setReadOnly(false);
    await settleAll(world);
    await expectRealOracles(world);
  });

  test('DSK-04 a quota on the server: an issue, and smaller files go on', async () => {
    const { a, b, world } = await start({ serverArguments: ['--quota', String(3 * mib)] });
    a.files.write('too large', randomBytes(6 * mib));
    for (let i = 0; i < 5; i++) a.files.write(`small/${i}`, `content ${i}`);
    const report = await a.trySync();
    expect(report.converged).toBe(false);
    expect((await a.status()).state).not.toBe('up-to-date');
    expect(await kinds(a)).toEqual(['quota']);
    a.files.write('small/later', 'later');
    await a.trySync();
    await b.trySync();
    expect(b.files.has('too large')).toBe(false);
    expect(Object.keys(b.files.tree())).toContain('small/later');
    a.files.rm('too large');
    await settleAll(world);
    await expectRealOracles(world);
  });

  test('DSK-06 the server’s disk is full, index and all: it says so, keeps what it acknowledged, and goes on', async ({
    skip,
  }) => {
    const volume = await memoryVolume(6);
    if (volume === null) return skip();
    const { a, b, world } = await start({ data: join(volume.folder, 'data') });
    a.files.write('first', 'acknowledged');
    await settleAll(world);
    for (let i = 0; i < 40; i++) a.files.write(`many/${i}`, randomBytes(300_000));
    const report = await a.trySync(inHurry());
    expect(report.converged).toBe(false);
    expect((await a.status()).state).not.toBe('up-to-date');
    expect(world.proxy.passed.some(({ status }) => status === 503)).toBe(true);
    // What it did acknowledge is on the other device, whole.
    await b.trySync(inHurry());
    for (const [path, content] of Object.entries(b.files.tree())) {
      if (!path.endsWith('/')) expect(a.files.read(path)).toBe(content);
    }
    await world.server.kill();
    volume.resize(64);
    expectSoundServer(world.server.data);
    await world.server.start();
    await settleAll(world, { isRetried: true });
    expect(b.files.tree()).toEqual(a.files.tree());
    await expectRealOracles(world);
  });

  test('a disk that is too full for the index: nothing is lost, and it goes on', async ({ skip }) => {
    const volume = await memoryVolume(3);
    if (volume === null) return skip();
    const { a, b, world } = await start({ devices: [{ home: join(volume.folder, 'home') }, {}] });
    a.files.write('first', 'first');
    await settleAll(world);
    writeFileSync(join(volume.folder, 'ballast'), Buffer.alloc(mib));
    for (let i = 0; i < 1500; i++) a.files.write(`many/${i}`, `content ${i}`);
    b.files.write('from b', 'from b');
    await b.sync();
    const report = await a.trySync(inHurry());
    expect(report.converged).toBe(false);
    volume.resize(64);
    await settleAll(world, { isRetried: true });
    expect(b.files.read('many/1499')).toBe('content 1499');
    await expectRealOracles(world);
  });

  const everything = ['open', 'read', 'write', 'fsync', 'syncfs', 'ftruncate', 'futimes', 'rename', 'link', 'unlink'];
  for (const seed of process.env['HOLDFAST_FULL'] === undefined ? [1] : [1, 2, 3]) {
    test(`DSK-07 one call of twenty fails, any and anywhere in the folder (seed ${seed}): nothing is lost, all recovers`, async () => {
      const { world } = await start();
      const steps = randomSteps(seed);
      const ledger = newLedger();
      const log = join(await tempFolder('log'), 'faults');
      for (let round = 0; round < 6; round++) {
        for (const device of world.devices) {
          for (let count = 6; count > 0; count--) act(steps, device.files, ledger);
          const how = failingDisk({
            seed: seed * 100 + round,
            log,
            rules: ['EIO', 'ENOSPC', 'EACCES', 'EBUSY', 'EMFILE'].map((code) => ({
              calls: [...everything, 'readdir', 'lstat', 'mkdir', 'rmdir', 'chmod'],
              code,
              chance: 10,
              paths: `^${device.files.root}/`,
            })),
          });
          const report = await device.trySync(how);
          if (report.converged && report.issues === 0) expect(report.state).toBe('up-to-date');
        }
      }
      expect(readFileSync(log, 'utf8').split('\n').length).toBeGreaterThan(10);
      await settleAll(world, { isRetried: true });
      await expectRealOracles(world, owed(ledger));
    });
  }

  test('DSK-07 the server’s disk fails now and then: what it acknowledged is there', async () => {
    const data = join(await tempFolder('server'), 'data');
    const { imports = [], env = {} } = failingDisk({
      seed: 7,
      rules: [
        { calls: ['write', 'fdatasync', 'fsync', 'rename', 'open'], code: 'EIO', chance: 60, paths: '/objects/' },
      ],
    });
    for (const [name, value] of Object.entries(env)) process.env[name] = value;
    try {
      const { a, b, world } = await start({ data, serverImports: imports });
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 8; i++) a.files.write(`${round}/${i}`, randomBytes(1000 + i * 30_000));
        await a.trySync(inHurry());
        await b.trySync(inHurry());
        for (const [path, content] of Object.entries(b.files.tree())) {
          if (!path.endsWith('/')) expect(a.files.read(path)).toBe(content);
        }
      }
      await world.server.kill();
      for (const name of Object.keys(env)) delete process.env[name];
      await world.server.start();
      await settleAll(world, { isRetried: true });
      await expectRealOracles(world, new Set(Object.values(a.files.tree()).filter((content) => content !== '')));
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
    }
  });

  test('DSK-09 DSK-10 a folder that cannot be listed is not empty; a file that is busy is tried again', async () => {
    const { a, b, world } = await start();
    for (let i = 0; i < 5; i++) a.files.write(`d/${i}`, `content ${i}`);
    a.files.write('busy', 'old');
    await settleAll(world);
    const whole = b.files.tree();
    for (const code of ['EIO', 'EACCES', 'EMFILE']) {
      const report = await a.trySync(
        failingDisk({ seed: 1, rules: [{ calls: ['readdir'], code, paths: '/folder/d$' }] }),
      );
      expect(report.held, code).toBe(0);
      expect(report.state, code).not.toBe('up-to-date');
      await b.sync();
      expect(b.files.tree(), code).toEqual(whole);
    }
    a.files.write('busy', 'new and longer');
    a.files.write('after', 'after');
    await a.sync();
    const rule = { calls: ['rename', 'link', 'open'], code: 'EBUSY', paths: '/folder/busy$' };
    const report = await b.trySync(failingDisk({ seed: 1, rules: [rule] }));
    expect(report.converged).toBe(false);
    expect(b.files.tree()).toMatchObject({ busy: 'old', after: 'after' });
    expect(await kinds(b)).toEqual(['file-blocked']);
    await retryAll(b);
    await b.sync();
    expect(b.files.read('busy')).toBe('new and longer');
    await expectRealOracles(world, new Set([shown(Buffer.from('old|PlantedContentV3walrus'))]));
  });

  test('CLK-05 a disk that keeps whole seconds: nothing goes round in circles, no change is missed', async ({
    skip,
  }) => {
    // Inodes of 128 bytes have no room for more.
    const volume = await imageVolume(32, ['-I', '128']);
    if (volume === null) return skip();
    const { a, b, world } = await start({ devices: [{ folder: join(volume.folder, 'folder') }, {}] });
    a.files.write('f', '1111');
    await settleAll(world);
    // Within the same second, of the same length.
    for (const content of ['2222', '3333', '4444']) {
      a.files.write('f', content);
      await a.sync();
    }
    await b.sync();
    expect(b.files.read('f')).toBe('4444');
    b.files.write('f', '5555');
    b.files.write('g', randomBytes(200_000));
    await settleAll(world);
    expect(a.files.tree()).toEqual(b.files.tree());
    await expectRealOracles(world);
  });
});
