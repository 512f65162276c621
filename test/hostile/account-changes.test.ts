import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendStep } from '../../src/app/account-chain-client.ts';
import { logIn, recoverAccount } from '../../src/app/sign-in.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { revokeDevice } from '../../src/vault/account-steps.ts';
import { sealEntry } from '../../src/vault/seal-entry.ts';
import { clientPorts, password } from './harness/client.ts';
import { openLog } from './harness/open-log.ts';
import { makeScene, mustConverge, writeOwn } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

/** What happens to a device whose account changes while it is away or busy. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

it('[KEY-03] a new password, given elsewhere, stops no device that is signed in, and its unsynced work survives', async () => {
  const scene = await makeScene(world);
  const victim = scene.known.running;
  victim.files.write('edit.txt', 'an edit that was not synced');
  victim.files.write('mine.txt', 'and a new file');
  const door = world.author.session.stored().server;
  const ports = await clientPorts(door);
  const place = { server: door, email: world.email, deviceName: 'Recovered' };
  const newPassword = 'another planted 4Tz8 raven gate';
  await recoverAccount(ports, place, world.words, newPassword);
  await mustConverge(victim, 'the victim');
  expect(Object.values(victim.files.tree())).toContain('an edit that was not synced');
  await mustConverge(scene.author, 'the author');
  expect(scene.author.files.read('mine.txt')).toBe('and a new file');
  expect(Object.values(scene.author.files.tree())).toContain('an edit that was not synced');
  // The old one opens nothing any more, the new one does.
  await expect(logIn(await clientPorts(door), place, password)).rejects.toMatchObject({
    kind: 'refused',
    reason: 'login',
  });
  await logIn(await clientPorts(door), { ...place, deviceName: 'By the new password' }, newPassword);
});

it('[KEY-04] S12, S13: a device that is removed while it sends gets nothing in, keeps its files, and its old key opens nothing new', async () => {
  const scene = await makeScene(world);
  const victim = scene.known.running;
  const { session } = world.author;
  await mustConverge(victim, 'the victim');
  const own = writeOwn(victim.files, 'running');
  for (let each = 0; each < 20; each++) victim.files.write(`many/${each}.bin`, Buffer.alloc(5000, each + 1));
  const before = victim.files.tree();
  const removed = world.victims.running.session;
  let isRemoved = false;
  const end = world.liar.lie(async (asked) => {
    if (isRemoved || asked.who !== 'running' || !['putObjects', 'appendLog'].includes(asked.name ?? '')) return null;
    isRemoved = true;
    await session.refresh();
    const { known } = await appendStep(
      session.storage,
      session.known(),
      ({ chain }) => revokeDevice(session.keys, chain, removed.device.device, Date.now() * 1000),
      ({ event }) => session.storage.appendEvent(event),
    );
    session.adopt(known);
    return null;
  });
  const { result, error } = await victim.sync();
  end();
  expect(isRemoved).toBe(true);
  expect(error ?? result?.isConverged).not.toBe(true);
  expect(victim.files.tree()).toEqual(before);
  expect(victim.files.has(own)).toBe(true);

  // The others go on, under a new key that the removed one was not given.
  scene.author.files.write('after.txt', 'after the removal');
  await mustConverge(scene.author, 'the author');
  expect(scene.author.files.has('many/1.bin')).toBe(false);
  const { position, ring } = await openLog(session, scene.vault);
  expect(position.epochs.length).toBe(2);
  // In league with the server it still cannot write: its own copy of the log ends where it was removed.
  const author = { ...session.author(), device: removed.device.device, signing: removed.device.signing };
  expect(() =>
    sealEntry(position, ring, author, { operations: [], retained: [], released: [] }, 0, systemRandom),
  ).toThrow(expect.objectContaining({ reason: 'device-revoked' }));
  const again = await victim.sync();
  expect(again.error ?? again.result?.isConverged).not.toBe(true);
  expect(victim.files.tree()).toEqual(before);
});
