import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startApp } from '../../bench/app/started-app.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { electronFolder, whyNoApp } from './electron.ts';

describe.skipIf(whyNoApp() !== null)('npm start, on a desktop with an Electron', () => {
  let desktop: Desktop | undefined;
  afterAll(() => desktop?.close());

  it('opens the app, and ends with it', async () => {
    desktop = await openDesktop();
    const base = await tempFolder('start');
    const home = join(base, 'home');
    const environment = {
      ...desktop.environment,
      ELECTRON_OVERRIDE_DIST_PATH: electronFolder,
      XDG_CONFIG_HOME: join(base, 'config'),
    };
    const app = await startApp({ program: 'npm', words: ['start', '--', '--disable-gpu'] }, home, environment);
    try {
      await app.page.getByRole('heading', { name: 'Where should your files be kept?' }).waitFor();
      expect(await app.answer('app-info')).toMatchObject({ canChooseFolder: true });
      const picture = process.env['HOLDFAST_PICTURE'];
      if (picture !== undefined) {
        spawnSync('import', ['-window', 'root', picture], { env: desktop.environment });
        expect(statSync(picture).size).toBeGreaterThan(0);
      }
      await app.letGo();
      // As the command `stop` does, from outside of the window.
      const stopped = spawnSync('npm', ['run', '--silent', 'cli', '--', 'stop', '--home', home], { cwd: repository });
      expect(stopped.status).toBe(0);
      expect(await app.gone).toBe(0);
      expect(existsSync(join(home, 'daemon.json'))).toBe(false);
    } finally {
      await app.close();
    }
  });
});
