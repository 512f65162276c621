import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findElectron } from '../../../resources/start/find-electron.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('finds Electron’s program, or says in one line what is missing', async () => {
  const packageFolder = await tempFolder('electron');
  const find = (environment: NodeJS.ProcessEnv) => findElectron({ platform: 'linux', environment, packageFolder });
  expect(find({})).toEqual({ why: expect.stringContaining('no desktop') });
  expect(find({ DISPLAY: '' })).toEqual({ why: expect.stringContaining('no desktop') });
  expect(find({ DISPLAY: ':0' })).toEqual({ why: expect.stringContaining('not installed') });
  const elsewhere = await tempFolder('electron');
  const chosen = { WAYLAND_DISPLAY: 'wayland-0', ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
  expect(find(chosen)).toEqual({ why: expect.stringContaining(elsewhere) });
  writeFileSync(join(elsewhere, 'electron'), '');
  expect(find(chosen)).toEqual({ electron: join(elsewhere, 'electron') });
  mkdirSync(join(packageFolder, 'dist'));
  writeFileSync(join(packageFolder, 'dist', 'electron'), '');
  expect(find({ DISPLAY: ':0' })).toEqual({ electron: join(packageFolder, 'dist', 'electron') });
});
