import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectRealOracles, expectSoundServer, rescued, settleAll } from '../../faults/real-oracles.ts';
import { type RealWorld, realWorld } from '../../faults/real-world.ts';
import { imageVolume, unmountAll } from '../../faults/volume.ts';
import { filesIn, shown } from '../../helpers/scenario-files.ts';

let world: RealWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
  unmountAll();
});

const many = Array.from({ length: 400 }, (_, i) => i);

test('CRS-16 the power goes just after 400 files came: none is empty or cut, none goes up as an edit', async ({
  skip,
}) => {
  const volume = await imageVolume(96);
  if (volume === null) return skip();
  world = await realWorld({
    devices: [{}, { home: join(volume.folder, 'home'), folder: join(volume.folder, 'folder') }],
  });
  const [a, b] = world.devices;
  if (a === undefined || b === undefined) throw new Error('two devices');
  a.files.write('first', 'on the disk before');
  await settleAll(world);
  for (const i of many) a.files.write(`d${i % 8}/${i}`, randomBytes(2000 + i));
  await a.sync();
  const expected = a.files.tree();

  // Cut while they come, and cut when they came and the device has said so.
  for (const isDone of [false, true]) {
    const child = b.startSync();
    if (isDone) await child.finished;
    else await reached(() => Object.keys(b.files.tree()).length > 60);
    await child.kill();
    await volume.restart();
    const left = b.files.tree();
    for (const [path, content] of Object.entries(left)) {
      if (!path.endsWith('/')) expect(content, `${path} after the cut`).toBe(expected[path]);
    }
    if (isDone) expect(left).toEqual(expected);
    const { filesUp, conflicts } = await b.sync();
    expect({ filesUp, conflicts }, 'nothing is taken for an edit').toEqual({ filesUp: 0, conflicts: 0 });
    expect(b.files.tree()).toEqual(expected);
    expect(b.stage()).toEqual([]);
  }
  await a.sync();
  await expectRealOracles(world);
});

test('a power cut loses what was not synced, or these tests would prove nothing', async ({ skip }) => {
  const volume = await imageVolume(32);
  if (volume === null) return skip();
  const files = filesIn(volume.folder);
  files.write('not synced', 'gone');
  files.write('renamed', 'old');
  execFileSync('sync', ['-f', volume.folder]);
  files.write('renamed.new', 'new');
  files.mv('renamed.new', 'renamed');
  files.write('lost', 'gone');
  await volume.restart();
  expect(files.has('lost')).toBe(false);
  expect(files.read('renamed')).toBe('old');
});

test('CRS-18 the power of the server goes after it said yes: what it acknowledged is there, and whole', async ({
  skip,
}) => {
  const volume = await imageVolume(128);
  if (volume === null) return skip();
  const data = join(volume.folder, 'data');
  world = await realWorld({ data, devices: [{}] });
  const [a] = world.devices;
  if (a === undefined) throw new Error('one device');
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 20; i++) {
      const content = randomBytes(100 + i * 15_000);
      a.files.write(`r${round}/${i}`, content);
      acknowledged.add(shown(content));
    }
    await a.sync();
    // In full work on the next ones.
    a.files.write(`large ${round}`, randomBytes(3_000_000));
    const child = a.startSync();
    await reached(() => world?.proxy.passed.at(-1)?.name?.startsWith('putObject') === true);
    world.server.child.signal('SIGSTOP');
    const after = await volume.cutPower();
    world.server.child.signal('SIGCONT');
    await child.finished;
    acknowledged.add(a.files.read(`large ${round}`));
    const copy = join(after.folder, 'data');
    const found = await rescued(world, copy);
    acknowledged.delete(a.files.read(`large ${round}`));
    expect([...acknowledged].filter((content) => !found.has(content))).toEqual([]);
    acknowledged.add(a.files.read(`large ${round}`));
    // A server starts on it, and the client that was told more than it holds says so or sends it again; nothing is lost.
    expectSoundServer(copy);
    after.unmount();
    await a.sync();
  }
  mkdirSync(join(volume.folder, 'still writable'));
});

/** Looks every few milliseconds, since what is awaited is on a disk. */
async function reached(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4000; tries++) {
    try {
      if (isSo()) return;
    } catch {
      // It changes under the reader's eyes.
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error('it did not get that far');
}
