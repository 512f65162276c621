import { copyFileSync, mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failingDisk } from '../../faults/hooks.ts';
import type { RealDevice } from '../../faults/real-device.ts';
import { expectRealOracles, settleAll } from '../../faults/real-oracles.ts';
import { type RealWorld, realWorld } from '../../faults/real-world.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type Files, filesIn, withoutMarks } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';

const many = Array.from({ length: 500 }, (_, i) => i);

let world: RealWorld;
let a: RealDevice;
let b: RealDevice;
/** The row's own folder on a device. */
const on = (device: RealDevice, row: string): Files => filesIn(device.files.at(row));

beforeAll(async () => {
  world = await realWorld();
  [a, b] = world.devices as [RealDevice, RealDevice];
  const init: Readonly<Record<string, (at: Files) => void>> = {
    'CRS-01': (at) => at.write('f', '1'),
    'CRS-03': (at) => at.write('f', '1'),
    'CRS-04': (at) => at.write('f', '1'),
    'CRS-06': (at) => at.write('f', 'old'),
    'CRS-07': (at) => at.write('f', 'old'),
    'CRS-09': (at) => {
      for (const i of many) at.write(`d${i % 10}/${i}`, `content ${i}`);
    },
    'CRS-10': (at) => at.write('d/f', '1'),
    'CRS-12': (at) => {
      at.write('d/x', '1');
      at.write('d/y', '22');
    },
    'CRS-13': (at) => {
      for (let i = 0; i < 12; i++) at.write(`${i}`, `content ${i}`);
    },
    'CRS-15': (at) => {
      at.write('f', '1');
      at.write('g', '22');
      at.write('gone later', '333');
    },
    'CRS-19': (at) => at.write('f', '1'),
  };
  for (const [row, make] of Object.entries(init)) {
    mkdirSync(a.files.at(row));
    make(on(a, row));
  }
  await settleAll(world);
});
afterAll(async () => {
  for (const device of world.devices) await device.kill();
  await settleAll(world);
  await expectRealOracles(world);
  await world.close();
});

/** Ends the sync when a request of this kind came: `isDone`, after the server did it. */
async function killAt(
  device: RealDevice,
  call: 'appendLog' | 'getObjects' | 'getObject',
  isDone: boolean,
): Promise<void> {
  const kinds = call === 'appendLog' ? [call] : (['getObjects', 'getObject'] as const);
  const gate = Promise.withResolvers<void>();
  const rule = world.proxy.when({
    on: kinds,
    times: 1,
    fault: isDone ? { type: 'lose-reply' } : { type: 'stall', until: gate.promise },
  });
  const child = device.startSync();
  // With the reply lost, it is still waiting before its next try when it is killed.
  await Promise.race([rule.hit(), child.finished]);
  if (isDone) await eventually(() => world.proxy.passed.at(-1)?.fault === 'lose-reply');
  await child.kill();
  gate.resolve();
  expect(rule.hits).toBe(1);
  rule.end();
}

const versionsOf = async (device: RealDevice, path: string): Promise<number> =>
  ((await device.run(['versions', path])).json as { versions: unknown[] }).versions.length;

describe('10 Crash points, in real processes', () => {
  test('CRS-01 killed after a change was seen, before anything was sent: sent after the restart', async () => {
    world.proxy.down();
    await a.startDaemon();
    on(a, 'CRS-01').write('f', 'changed');
    await a.until((now) => now.state === 'offline');
    await a.kill();
    world.proxy.up();
    await a.sync();
    await b.sync();
    expect(on(b, 'CRS-01').tree()).toEqual({ f: 'changed' });
  });

  test('CRS-03 killed after the entry was stored, before the reply came: one version, no copy', async () => {
    on(a, 'CRS-03').write('f', 'changed');
    await killAt(a, 'appendLog', true);
    await settleAll(world);
    for (const device of [a, b]) expect(on(device, 'CRS-03').tree()).toEqual({ f: 'changed' });
    expect(await versionsOf(a, 'CRS-03/f')).toBe(2);
  });

  test('CRS-04 and edited before the restart: on top of its own entry, no copy', async () => {
    on(a, 'CRS-04').write('f', 'changed');
    await killAt(a, 'appendLog', true);
    on(a, 'CRS-04').write('f', 'changed once more');
    await settleAll(world);
    for (const device of [a, b]) expect(on(device, 'CRS-04').tree()).toEqual({ f: 'changed once more' });
    expect(await versionsOf(a, 'CRS-04/f')).toBe(3);
  });

  test('CRS-06 killed while a content comes in: the old one is whole until the new one is', async () => {
    on(a, 'CRS-06').write('f', 'new and longer');
    on(a, 'CRS-06').write('g', 'another');
    await a.sync();
    await killAt(b, 'getObjects', false);
    expect(on(b, 'CRS-06').tree()).toEqual({ f: 'old' });
    await b.sync();
    expect(on(b, 'CRS-06').tree()).toEqual({ f: 'new and longer', g: 'another' });
    expect(b.stage()).toEqual([]);
  });

  test('CRS-07 killed after the new content is on the disk, before it has its name', async () => {
    on(a, 'CRS-07').write('f', 'new and longer');
    on(a, 'CRS-07').write('g', 'another');
    await a.sync();
    for (const calls of [['link'], ['rename']]) {
      const rule = { calls, code: 'SIGKILL', paths: '/\\.holdfast/stage/[0-9a-f]{32}(-[0-9]+)?$' };
      const done = await b.startSync(failingDisk({ seed: 1, rules: [rule] })).finished;
      expect(done.signal, `${calls}`).toBe('SIGKILL');
      expect(['old', 'new and longer']).toContain(on(b, 'CRS-07').read('f'));
    }
    await b.sync();
    expect(on(b, 'CRS-07').tree()).toEqual({ f: 'new and longer', g: 'another' });
  });

  test('CRS-09 killed in the middle of 500 changes: the rest follows, nothing twice, nothing comes back', async () => {
    const at = on(a, 'CRS-09');
    for (const i of many) {
      const path = `d${i % 10}/${i}`;
      if (i % 5 === 0) at.rm(path);
      else if (i % 5 === 1) at.mv(path, `e${i % 7}/${i}`);
      else if (i % 5 === 2) at.write(path, `changed ${i}`);
    }
    await a.sync();
    const expected = at.tree();
    for (const skip of [30, 90, 150]) {
      const rule = { calls: ['rename', 'link'], code: 'SIGKILL', skip, paths: '/CRS-09/|/stage/' };
      expect((await b.startSync(failingDisk({ seed: 1, rules: [rule] })).finished).signal).toBe('SIGKILL');
    }
    const { filesUp } = await b.sync();
    expect(filesUp).toBe(0);
    expect(on(b, 'CRS-09').tree()).toEqual(expected);
  });

  test('CRS-10 killed between the two halves of a move: in one place, once', async () => {
    const killed = { calls: ['rename', 'unlink'], code: 'SIGKILL' };
    // It has both names; then, its old one is in the stage.
    for (const [from, to, rule] of [
      ['d/f', 'e/g', { ...killed, paths: '/CRS-10/d/f$', skip: 1 }],
      ['e/g', 'd/h', { ...killed, paths: '/stage/leaving$', skip: 1 }],
    ] as const) {
      on(a, 'CRS-10').mv(from, to);
      await a.sync();
      expect((await b.startSync(failingDisk({ seed: 1, rules: [rule] })).finished).signal).toBe('SIGKILL');
      await settleAll(world, { devices: [b, a] });
      for (const device of [a, b]) expect(on(device, 'CRS-10').tree()).toEqual({ 'd/': '', 'e/': '', [to]: '1' });
    }
  });

  test('CRS-12 killed while two names of a folder are brought together: as without', async () => {
    on(a, 'CRS-12').mv('d', 'name of a');
    on(b, 'CRS-12').mv('d', 'name of b');
    on(b, 'CRS-12').write('name of b/z', 'new');
    await a.sync();
    const rule = { calls: ['rename'], code: 'SIGKILL', paths: '/CRS-12/' };
    expect((await b.startSync(failingDisk({ seed: 1, rules: [rule] })).finished).signal).toBe('SIGKILL');
    await settleAll(world, { devices: [b, a] });
    const tree = { 'name of a/': '', 'name of a/x': '1', 'name of a/y': '22', 'name of a/z': 'new' };
    for (const device of [a, b]) expect(on(device, 'CRS-12').tree()).toEqual(tree);
  });

  test('CRS-15 the index is cut, gone, or an older one: a union, no delete, copies only where contents differ', async () => {
    const [pair = ''] = readdirSync(join(b.home, 'pairs'));
    const index = join(b.home, 'pairs', pair, 'index.db');
    const old = join(await tempFolder('old'), 'index.db');
    const forget = (): void => {
      for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${index}${end}`, { force: true });
    };
    copyFileSync(index, old);
    on(a, 'CRS-15').rm('gone later');
    on(a, 'CRS-15').write('f', 'newer than the copy');
    await settleAll(world);
    const breakIt: Readonly<Record<string, () => void>> = {
      cut: () => truncateSync(index, 5000),
      gone: forget,
      older: () => {
        forget();
        copyFileSync(old, index);
      },
    };
    for (const [name, how] of Object.entries(breakIt)) {
      how();
      on(b, 'CRS-15').write('g', `edited while the index was ${name}`);
      await settleAll(world, { devices: [b, a] });
      const tree = withoutMarks(on(b, 'CRS-15').tree());
      expect(Object.values(tree), name).toContain(`edited while the index was ${name}`);
      expect(tree['f'], name).toBe('newer than the copy');
      expect(tree['gone later'], 'nobody resurrects what was deleted and synced').toBeUndefined();
      expect(on(a, 'CRS-15').tree(), name).toEqual(on(b, 'CRS-15').tree());
      expect(
        Object.keys(tree).some((path) => path.startsWith('cc(f')),
        name,
      ).toBe(false);
    }
  });

  test('CRS-19 stopped for a while and continued: catches up, nothing twice', async () => {
    const daemon = await b.startDaemon();
    await b.until();
    daemon.signal('SIGSTOP');
    on(a, 'CRS-19').write('f', 'changed meanwhile');
    on(b, 'CRS-19').write('g', 'of the one that sleeps');
    await a.sync();
    daemon.signal('SIGCONT');
    await eventually(() => on(b, 'CRS-19').read('f') === 'changed meanwhile');
    await b.until();
    await b.kill();
    await a.sync();
    expect(on(a, 'CRS-19').tree()).toEqual({ f: 'changed meanwhile', g: 'of the one that sleeps' });
    expect(await versionsOf(a, 'CRS-19/g')).toBe(1);
  });

  test('CRS-13 killed while it asks whether so much is to be deleted: nothing is deleted, and it asks again', async () => {
    const names = readdirSync(a.files.root).filter((name) => name !== '.holdfast');
    const kept = b.files.tree();
    for (const name of names) a.files.rm(name);
    expect((await a.trySync()).held).toBeGreaterThan(0);
    await a.startDaemon();
    await a.until((now) => now.state === 'needs-attention');
    await a.kill();
    await b.sync();
    expect(b.files.tree()).toEqual(kept);
    expect((await a.trySync()).held).toBeGreaterThan(0);
    await b.sync();
    expect(b.files.tree()).toEqual(kept);
    for (const { id, kind } of await a.issues()) {
      if (kind === 'held-deletes') await a.run(['resolve', id, 'restore']);
    }
    await a.sync();
    expect(a.files.tree()).toEqual(kept);
  });
});
