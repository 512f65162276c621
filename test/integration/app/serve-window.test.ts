import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { serveWindow } from '../../../resources/start/serve-window.ts';
import { endDaemon } from '../../../src/app/door/reach-daemon.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('the window for a browser is served by a process whose children inherit no secret', async () => {
  const home = join(await tempFolder('home'), 'home');
  vi.stubEnv('HOLDFAST_KEY_PASSPHRASE', 'of this process alone');
  const { promise: isThere, resolve } = Promise.withResolvers<void>();
  const serving = serveWindow(home, () => resolve());
  await Promise.race([isThere, serving]);
  expect(process.env['HOLDFAST_KEY_PASSPHRASE']).toBeUndefined();
  expect(await endDaemon(openHome(home))).toBe(true);
  await serving;
  vi.unstubAllEnvs();
});
