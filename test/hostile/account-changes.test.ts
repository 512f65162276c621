import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn, recoverAccount } from '../../src/app/account/sign-in.ts';
import { fromHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { hashEntry } from '../../src/crypto/entry-header.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { revokeDevice } from '../../src/vault/account-steps.ts';
import { sealEntry } from '../../src/vault/seal-entry.ts';
import { clientPorts, password } from './harness/client.ts';
import { afterThat, forged, logOf } from './harness/entry-lies.ts';
import { about, to } from './harness/lies.ts';
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
    await session.append(
      ({ chain }) => revokeDevice(session.keys, chain, removed.device.device, Date.now() * 1000),
      ({ event }) => session.storage.appendEvent(event),
    );
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

  // Nor is what it signs believed by a device that is started anew, or by a new one, should the server take it.
  const log = await logOf(scene);
  const last = must(log.at(-1));
  const { chain } = session.known();
  const beforeRemoval = must([...chain.positions].find(([, at]) => at === chain.position - 1))[0];
  const lies = { restarted: chain.head, fresh: must(fromHex(beforeRemoval)) };
  for (const [who, accountHead] of Object.entries(lies) as ['restarted' | 'fresh', Uint8Array][]) {
    const deviceSeq = (position.deviceSeqs[removed.device.device] ?? 0) + 1;
    const place = { seq: log.length + 1, prevHash: hashEntry(last.header), epoch: 1 };
    const change = { ...place, device: removed.device.device, deviceSeq, accountHead };
    const entry = forged(last, change, removed.device.signingSeed);
    if (who === 'restarted') await world.victims.restarted.restart();
    const pair = who === 'fresh' ? await world.victims.fresh.pair(scene.name) : scene.known.restarted;
    const had = pair.files.tree();
    const undo = world.liar.lie(about(scene.vault, to([who], afterThat(entry, log.length))));
    await pair.sync();
    undo();
    expect(pair.status().state, who).toBe('frozen');
    expect(
      (await pair.issues()).map(({ security }) => security),
      who,
    ).toContain('E_MEMBER');
    expect(pair.files.tree(), who).toEqual(had);
  }
});
