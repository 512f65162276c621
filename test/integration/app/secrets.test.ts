import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountStatusOf } from '../../../src/app/account/account-status.ts';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { configFile } from '../../../src/app/home/config.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';
const next = 'another lamp for another night';

let server: TestServer;
let device: Device;
let service: Service;
let isLost = false;
let isOld = false;
let isDenied = false;

beforeAll(async () => {
  server = await startTestServer();
  const ports = await appPorts(async (_, session) => {
    const api = server.connect(session);
    const putRecord: typeof api.putRecord = async (record, event) => {
      const outcome = await api.putRecord(record, event);
      if (isLost) throw new HoldfastError('offline', 'The answer was lost.');
      if (isDenied) return { status: 'moved', head: (await api.getRecord()).chain, events: [] };
      return outcome;
    };
    const deleteAccount: typeof api.deleteAccount = async () => {
      if (isLost) throw new HoldfastError('offline', 'The answer was lost.');
      if (isOld) throw new HoldfastError('missing', 'There is no such address here.', { reason: 'route' });
      await api.deleteAccount();
    };
    return { ...api, putRecord, deleteAccount };
  });
  device = openDevice(ports, createBandwidth(systemClock));
  service = deviceService(device, null);
  await service.signup({
    server: server.url,
    email: 'ada@example.org',
    password,
    deviceName: 'First',
    isAskingBack: true,
  });
});
afterAll(async () => {
  await device.close();
  await server.close();
});

describe('recovery words that were shown and not confirmed', () => {
  const isUnconfirmed = async () => (await service.status({})).account?.areWordsUnconfirmed;
  const change = (isAskingBack?: boolean) => service['change-words']({ password, isAskingBack });

  it('are known until someone says that they are kept, also after a restart', async () => {
    expect(await isUnconfirmed()).toBe(true);
    await service['confirm-words']({});
    expect(await isUnconfirmed()).toBe(false);
    await change(true);
    expect(await isUnconfirmed()).toBe(true);
    const { home } = device.ports;
    expect(accountStatusOf(device.account(), must(configFile(home).read()))).toMatchObject({
      areWordsUnconfirmed: true,
    });
    await service['confirm-words']({});
    expect(await isUnconfirmed()).toBe(false);
  });

  it('are none once new ones were shown to who is not asked back, and where a file does not speak of them', async () => {
    await change(true);
    await change();
    expect(await isUnconfirmed()).toBe(false);
    await change(true);
    const { unconfirmedWords: _, ...older } = device.config();
    const file = configFile(device.ports.home);
    file.write(older as ReturnType<typeof device.config>);
    expect(accountStatusOf(device.account(), must(file.read()))).toMatchObject({ areWordsUnconfirmed: false });
    await change();
  });

  it('stay so if a change is refused, and words that nobody saw because the answer was lost are known, too', async () => {
    await change(true);
    await expect(service['change-words']({ password: next })).rejects.toMatchObject({ reason: 'password' });
    expect(await isUnconfirmed()).toBe(true);
    await service['confirm-words']({});
    isLost = true;
    await expect(change()).rejects.toMatchObject({ reason: 'unknown' });
    isLost = false;
    expect(await isUnconfirmed()).toBe(false);
    await service.devices({});
    expect(await isUnconfirmed()).toBe(true);
    await change();
    expect(await isUnconfirmed()).toBe(false);
  });

  it('are known, too, where the server took them and says that another device was first', async () => {
    isDenied = true;
    await expect(change()).rejects.toMatchObject({ kind: 'conflict' });
    isDenied = false;
    await service.devices({});
    expect(await isUnconfirmed()).toBe(true);
    await change();
    expect(await isUnconfirmed()).toBe(false);
  });
});

it('nobody who finds the computer unlocked changes what opens the account', async () => {
  const before = device.account()?.record.body;
  const refused = { kind: 'refused', reason: 'password' };
  await expect(service['change-password']({ password: next, newPassword: next })).rejects.toMatchObject(refused);
  await expect(service['change-words']({ password: next })).rejects.toMatchObject(refused);
  expect(device.account()?.record.body).toEqual(before);
});

it('changes of both at once follow each other, and each asks for the password of its moment', async () => {
  const [changed, words] = await Promise.allSettled([
    service['change-password']({ password, newPassword: next }),
    service['change-words']({ password }),
  ]);
  expect(changed.status).toBe('fulfilled');
  expect(words).toMatchObject({ status: 'rejected', reason: { reason: 'password' } });
  expect((await service['change-words']({ password: next })).recovery.split(' ')).toHaveLength(24);
});

it('whoever gets no answer is told what may be by now, and goes on from there', async () => {
  isLost = true;
  await expect(service['change-words']({ password: next })).rejects.toMatchObject({
    kind: 'offline',
    message: expect.stringContaining('may open nothing any more'),
  });
  await expect(service['change-password']({ password: next, newPassword: password })).rejects.toMatchObject({
    kind: 'offline',
    message: expect.stringContaining('may have the new password already'),
  });
  isLost = false;
  expect((await service['change-words']({ password })).recovery.split(' ')).toHaveLength(24);
});

it('an account is deleted by who knows its password and names it, and by nobody else', async () => {
  const email = 'ada@example.org';
  const before = device.account();
  await expect(service['delete-account']({ email, password: next })).rejects.toMatchObject({ reason: 'password' });
  await expect(service['delete-account']({ email: 'eve@example.org', password })).rejects.toMatchObject({
    kind: 'usage',
    reason: 'email',
  });
  isLost = true;
  await expect(service['delete-account']({ email, password })).rejects.toMatchObject({
    kind: 'offline',
    message: expect.stringContaining('may be deleted already'),
  });
  isLost = false;
  isOld = true;
  await expect(service['delete-account']({ email, password })).rejects.toMatchObject({ kind: 'version' });
  isOld = false;
  expect(device.account()).toEqual(before);
  expect((await service.devices({})).devices).toHaveLength(1);

  await service['delete-account']({ email: ' Ada@Example.org', password });
  expect(device.account()).toBeNull();
  await expect(service['delete-account']({ email, password })).rejects.toMatchObject({ reason: 'not-signed-in' });
});

it('the same address may begin anew where its account was deleted', async () => {
  const place = { server: server.url, email: 'ada@example.org', deviceName: 'First' };
  await service.signup({ ...place, password: next });
  await service.logout({ isForced: false });
  await service.login({ ...place, password: next });
  expect((await service.vaults({})).vaults).toEqual([]);
});
