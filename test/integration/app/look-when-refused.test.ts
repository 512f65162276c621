import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

const secrets = { email: 'ada@example.org', password: 'quiet lamp orbits seven pines' };

interface Computer {
  readonly device: Device;
  readonly service: Service;
  readonly folder: string;
}

let server: TestServer;
let here: Computer;
let there: Computer;

async function computer(name: string): Promise<Computer> {
  const device = openDevice(
    await appPorts(async (_, session) => server.connect(session)),
    createBandwidth(systemClock),
  );
  const folder = join(await tempFolder(name), 'Letters');
  mkdirSync(folder);
  return { device, service: deviceService(device, null), folder };
}

/** Two computers; the one here runs, and has in its trash what the other one deleted. */
beforeEach(async () => {
  server = await startTestServer();
  [here, there] = [await computer('here'), await computer('there')];
  await there.service.signup({ server: server.url, ...secrets, deviceName: 'There' });
  await here.service.login({ server: server.url, ...secrets, deviceName: 'Here' });
  for (const name of ['kept.txt', 'deleted.txt']) writeFileSync(join(there.folder, name), name);
  for (const { service, folder } of [there, here]) {
    await service.add({ folder, vault: null, isPaused: false });
    await service.sync({ pair: null });
  }
  rmSync(join(there.folder, 'deleted.txt'));
  await there.service.sync({ pair: null });
  await here.device.watch();
  await eventually(async () => (await shownHere()).trash.length === 1, { what: 'the deletion here' });
});
afterEach(async () => {
  await here.device.close();
  await there.device.close();
  await server.close();
});

async function shownHere() {
  const { service } = here;
  const what = { search: null, withDeleted: false, sort: 'name', isDescending: false, offset: 0, limit: 100 } as const;
  const [{ entries }, { trash }, { activity }] = await Promise.all([
    service.browse({ pair: null, path: '', ...what }),
    service.trash({ pair: null }),
    service.activity({ pair: null, limit: 10, before: null }),
  ]);
  return {
    entries: entries.map(({ name }) => name),
    trash: trash.filter(({ where }) => where === 'local').map(({ path }) => path),
    activity: activity.length,
  };
}
const stateHere = async () => must((await here.service.status({})).pairs[0]).state;

it.each([
  [
    'its account removed it',
    async () => {
      const { devices } = await there.service.devices({});
      await there.service['revoke-device']({ device: must(devices.find(({ isThis }) => !isThis)).device });
    },
  ],
  [
    'its vault was deleted',
    () => there.service['delete-vault']({ vault: null, name: 'Letters', password: secrets.password }),
  ],
])('a device that runs shows what it knows, and its own trash, also after %s', async (_, stop) => {
  const before = await shownHere();
  expect(before).toMatchObject({ entries: ['kept.txt'], trash: ['deleted.txt'] });
  await stop();
  await here.service.sync({ pair: null }).catch(() => undefined);
  await eventually(async () => (await stateHere()) === 'needs-attention', { what: 'that the server said no' });
  expect(await shownHere()).toEqual(before);
  const [item] = (await here.service.trash({ pair: null })).trash.filter(({ where }) => where === 'local');
  const { path, batch, copy, where } = must(item);
  await here.service['restore-trashed']({ pair: null, path, batch, copy, where });
  expect(readFileSync(join(here.folder, 'deleted.txt'), 'utf8')).toBe('deleted.txt');
});
