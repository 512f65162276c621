import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountSession } from '../../../src/app/account/account-session.ts';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { connectTo, startTestServer, type TestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';
/** A file just written is left alone for a moment. */
const clock = { ...systemClock, now: () => systemClock.now() + 5_000 };

let base: string;
let folder: string;
let server: TestServer;
let device: Device;
let service: Service;
const sent: { readonly url: string; readonly token: string | null }[] = [];
let whenClosed: (url: string) => void = () => undefined;

const address = async () => (await service.status({})).account?.server;
const sync = async (name: string) => {
  await writeFile(join(folder, name), name);
  return (await service.sync({ pair: null })).pairs[0];
};
const tokensAt = (of: string): string[] =>
  sent.flatMap(({ url, token }) => (url === of && token !== null ? [token] : []));
/** The same data, or a copy of it, by another address: in tests that is another port. */
const startOn = (dataDir: string) => startTestServer({ dataDir });
/** Another device writes there more than this one has seen elsewhere. */
const wentOn = async (dataDir: string): Promise<string> => {
  const copy = await startOn(dataDir);
  const other = openDevice(
    await appPorts(async (url, session) => connectTo(url, session), { clock }),
    createBandwidth(clock),
  );
  try {
    const elsewhere = deviceService(other, null);
    await elsewhere.login({ server: copy.url, email: 'ada@example.org', password, deviceName: 'Other' });
    const there = await tempFolder('went-on');
    await elsewhere.add({ folder: there, vault: 'Letters', isPaused: false });
    for (const name of ['x', 'y', 'z', 'u', 'v', 'w']) {
      await writeFile(join(there, name), name);
      expect((await elsewhere.sync({ pair: null })).converged).toBe(true);
    }
  } finally {
    await other.close();
    await copy.close();
  }
  return dataDir;
};

beforeAll(async () => {
  base = await tempFolder('moved-server');
  folder = join(base, 'folder');
  await mkdir(folder);
  server = await startOn(join(base, 'data'));
  const ports = await appPorts(
    async (url, session) => {
      const api = connectTo(url, {
        ...session,
        token: () => {
          const token = session.token();
          sent.push({ url, token });
          return token;
        },
      });
      return {
        ...api,
        close: () => {
          whenClosed(url);
          return api.close();
        },
      };
    },
    { clock },
  );
  device = openDevice(ports, createBandwidth(clock));
  service = deviceService(device, null);
  await service.signup({ server: server.url, email: 'ada@example.org', password, deviceName: 'First' });
  await cp(join(base, 'data'), join(base, 'begun'), { recursive: true });
  await service.add({ folder, vault: 'Letters', isPaused: false });
  expect(await sync('a')).toMatchObject({ converged: true, filesUp: 1 });
  await server.close();
  for (const copy of ['older', 'forked']) await cp(join(base, 'data'), join(base, copy), { recursive: true });
  server = await startOn(join(base, 'data'));
});
afterAll(async () => {
  await device.close();
  await server.close();
});

describe('a server that has moved', () => {
  it('is gone on with at its new address, with the folders as they are', async () => {
    const { pairs } = await service.pairs({});
    const former = must(await address());
    const meanwhile: Promise<AccountSession>[] = [];
    whenClosed = (url) => {
      if (url === former) meanwhile.push(device.session());
    };
    expect(await service['change-server']({ server: server.url })).toMatchObject({ server: server.url });
    whenClosed = () => undefined;
    expect((await Promise.all(meanwhile)).map((session) => session.stored().server)).toEqual([server.url]);
    expect(await address()).toBe(server.url);
    expect(await service.pairs({})).toEqual({ pairs });
    expect(await service.devices({})).toMatchObject({ devices: [{ name: 'First' }], isOld: false });
    expect(await sync('b')).toMatchObject({ converged: true, filesUp: 1 });
    expect(tokensAt(server.url).filter((token) => tokensAt(former).includes(token))).toEqual([]);
  });

  it.each([
    ['an older copy', () => join(base, 'older')],
    ['one that is older than all its vaults', () => join(base, 'begun')],
    ['an older copy that others went on with', () => wentOn(join(base, 'forked'))],
    ['another server', () => join(base, 'other')],
  ])('is not taken for %s, which stops nothing and is shown no token', async (_, dataDir) => {
    const other = await startOn(await dataDir());
    try {
      await expect(service['change-server']({ server: other.url })).rejects.toMatchObject({
        kind: 'refused',
        reason: 'other-server',
      });
      expect(tokensAt(other.url).filter((token) => tokensAt(server.url).includes(token))).toEqual([]);
    } finally {
      await other.close();
    }
    expect(await address()).toBe(server.url);
    expect(await sync(`after ${_}`)).toMatchObject({ converged: true, filesUp: 1 });
  });

  it('is not looked for where nobody answers, or by what is no address', async () => {
    await expect(service['change-server']({ server: 'http://127.0.0.1:9' })).rejects.toMatchObject({ kind: 'offline' });
    await expect(service['change-server']({ server: 'http://192.0.2.1' })).rejects.toMatchObject({
      reason: 'server-url',
    });
    expect(await address()).toBe(server.url);
  });

  it('is gone on with although another device deleted one of the vaults', async () => {
    const gone = join(base, 'gone');
    await mkdir(gone);
    await service.add({ folder: gone, vault: 'Gone', isPaused: false });
    await sync('c');
    const other = openDevice(await appPorts(async (url, session) => connectTo(url, session)), createBandwidth(clock));
    const elsewhere = deviceService(other, null);
    await elsewhere.login({ server: server.url, email: 'ada@example.org', password, deviceName: 'Second' });
    await elsewhere['delete-vault']({ vault: null, name: 'Gone', password });
    await other.close();
    await server.close();
    server = await startOn(join(base, 'data'));
    expect(await service['change-server']({ server: server.url })).toMatchObject({ server: server.url });
  });
});
