import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDevice } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';

it('what is asked of an account that is being closed does not open it again, and a silent server does not hold it open', async () => {
  const server = await startTestServer();
  const folder = join(await tempFolder('folders'), 'Notes');
  mkdirSync(folder);
  let isSilent = false;
  let silences = 0;
  const device = openDevice(
    await appPorts(async (_, given) => {
      const api = server.connect(given);
      let cut: (error: unknown) => void = () => undefined;
      return {
        ...api,
        getChain: (...args) => {
          if (!isSilent) return api.getChain(...args);
          silences++;
          return new Promise((_resolve, reject) => {
            cut = reject;
          });
        },
        close: async () => {
          cut(new Error('closed'));
          await api.close();
        },
      };
    }),
    createBandwidth(systemClock),
  );
  const service = deviceService(device, null);
  const secrets = { server: server.url, email: 'ada@example.org', password: 'quiet lamp orbits seven pines' };
  await service.signup({ ...secrets, deviceName: 'First' });
  await service.add({ folder, vault: 'Notes', isPaused: true });
  isSilent = true;
  await device.watch();
  await eventually(() => silences > 0, { what: 'a question that is not answered' });

  const leaving = device.signedOut();
  const asked = [
    await device.supervisor().catch((error: unknown) => error),
    await device.session().catch((error: unknown) => error),
  ];
  await leaving;
  for (const answer of asked) expect(answer).toMatchObject({ kind: 'refused', reason: 'not-signed-in' });
  expect(device.account()).toBeNull();
  expect(device.running()).toBeNull();
  isSilent = false;
  await service.login({ ...secrets, deviceName: 'Second' });
  await expect(service.devices({})).resolves.toMatchObject({ devices: expect.any(Array) });
  await device.close();
  await server.close();
});
