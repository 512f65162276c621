import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type RunningDaemon, startDaemon } from '../../../src/app/daemon.ts';
import { threadServer } from '../../../src/app/own-server/server-thread.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('why the server of this computer does not run is what its home says', async () => {
  const base = await tempFolder('own-server');
  const home = join(base, 'home');
  const folder = join(base, 'folder');
  mkdirSync(folder);
  const start = (): Promise<RunningDaemon> => startDaemon(home, {}, { startServer: threadServer });

  const first = await start();
  try {
    const { server } = await first.service['this-computer']({});
    await first.service.signup({ server, email: 'a@example.org', deviceName: 'A', password: 'a good long password' });
    await first.service.add({ folder, vault: 'v', isPaused: false });
    expect((await first.service.sync({ pair: null })).converged).toBe(true);
  } finally {
    await first.close();
  }

  const format = join(home, 'server', 'format');
  writeFileSync(format, 'holdfast-server 2\n');
  const second = await start();
  try {
    const message = expect.stringMatching(/^The server of this computer does not run: .*newer version of Holdfast/);
    await eventually(async () => {
      expect(await second.service.status({})).toMatchObject({ state: 'offline', message, pairs: [{ message }] });
      return true;
    });
    const { checks } = await second.service.doctor({});
    expect(checks.find(({ name }) => name === 'connection')).toMatchObject({ result: 'failed', message });

    writeFileSync(format, 'holdfast-server 1\n');
    await eventually(async () => (await second.service.status({})).state === 'up-to-date');
  } finally {
    await second.close();
  }
});
