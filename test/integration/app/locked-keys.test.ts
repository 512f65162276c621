import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { fileKeychain } from '../../../src/app/keychain/file-keychain.ts';
import type { Keychain } from '../../../src/app/keychain/keychain.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

let server: TestServer;
let home: string;
let folder: string;
let isLocked = false;
/** Of what a read of the keychain says meanwhile. */
let reason: string | null = null;

/** A device whose keychain is locked now and then, and that has not long to wait meanwhile. */
function device(): Device {
  const opened = openHome(home);
  const files = fileKeychain(opened.keysFolder, null, systemRandom);
  const keychain: Keychain = {
    ...files,
    read: async (name) => {
      if (isLocked)
        throw new HoldfastError(
          reason === null ? 'bug' : 'refused',
          'The keys are locked.',
          reason === null ? {} : { reason },
        );
      return files.read(name);
    },
  };
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: Parameters<typeof systemClock.sleep>[1]) =>
      systemClock.sleep(isLocked ? Math.min(ms, 50) : ms, signal),
  };
  const connect = async (_: string, session: Parameters<TestServer['connect']>[0]) => server.connect(session);
  const ports = { home: opened, keychain, connect, clock, random: systemRandom, logger: silentLogger };
  return openDevice({ ...ports, kdfCost: { memoryKiB: 64 * 1024, passes: 3, lanes: 1 } }, createBandwidth(clock));
}

beforeAll(async () => {
  server = await startTestServer();
  home = join(await tempFolder('home'), 'home');
  folder = join(await tempFolder('folders'), 'Notes');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a'), 'a');
  const first = device();
  const service = deviceService(first, null);
  const password = 'quiet lamp orbits seven pines';
  await service.signup({ server: server.url, email: 'ada@example.org', password, deviceName: 'First' });
  await service.add({ folder, vault: 'Notes', isPaused: false });
  await service.sync({ pair: null });
  await first.close();
});
afterAll(() => server.close());

it('a device whose keys are locked does not say that it is up to date, and syncs once they are open', async () => {
  isLocked = true;
  const running = device();
  try {
    await running.watch();
    expect(running.status()).toMatchObject({
      state: 'needs-attention',
      message: expect.stringMatching(/^This device's keys cannot be opened/),
      pairs: [{ state: 'needs-attention', files: 1 }],
    });
    writeFileSync(join(folder, 'b'), 'b');
    isLocked = false;
    await eventually(
      () => {
        expect(running.status()).toMatchObject({ state: 'up-to-date', pairs: [{ files: 2 }] });
        return true;
      },
      { what: 'b to be synced', on: (wake) => running.onStatus(wake) },
    );
  } finally {
    await running.close();
  }
});

it('and at once when a command opens them, where it is not tried again by itself', async () => {
  isLocked = true;
  reason = 'key-passphrase';
  const running = device();
  try {
    await running.watch();
    expect(running.status().message).toBe('The keys are locked.');
    isLocked = false;
    await deviceService(running, null).issues({ pair: null });
    writeFileSync(join(folder, 'c'), 'c');
    await eventually(
      () => {
        expect(running.status()).toMatchObject({ state: 'up-to-date', pairs: [{ files: 3 }] });
        return true;
      },
      { what: 'c to be synced', on: (wake) => running.onStatus(wake) },
    );
    expect(readdirSync(folder).sort()).toEqual(['.holdfast', 'a', 'b', 'c']);
  } finally {
    await running.close();
  }
});

it('and says so also where something else needed its person before', async () => {
  isLocked = false;
  symlinkSync('nowhere', join(folder, 'link'));
  const before = device();
  await deviceService(before, null).sync({ pair: null });
  expect(before.status()).toMatchObject({ message: expect.stringMatching(/One issue needs you$/) });
  await before.close();
  isLocked = true;
  const running = device();
  try {
    await running.watch();
    expect(running.status()).toMatchObject({ message: 'The keys are locked.', pairs: [{ messageKind: 'other' }] });
  } finally {
    await running.close();
  }
});

it('and is signed out by who says so twice', async () => {
  reason = 'keychain-closed';
  const running = device();
  try {
    const service = deviceService(running, null);
    await expect(service.logout({ isForced: false })).rejects.toMatchObject({ kind: 'refused', reason });
    expect(running.account()).not.toBeNull();
    expect(await service.logout({ isForced: true })).toMatchObject({ isRevoked: false });
    expect(running.account()).toBeNull();
  } finally {
    await running.close();
  }
});
