import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../resources/build/build-app.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { sharedElectron, whyNoDesktop } from './desktop.ts';

/** Outside of the repository, so that every clone finds it again. */
const folder =
  process.env['HOLDFAST_ELECTRON'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holdfast-electron-33');

/** Why the app cannot be started here; null if it can. Says so aloud, so that a green run is not taken for more than it is. */
export function whyNoApp(): string | null {
  const why = whyNoDesktop() ?? (fetchElectron() ? null : `no Electron could be put into ${folder}`);
  if (why !== null) process.stderr.write(`SKIPPED: the desktop app was not started, since ${why}.\n`);
  return why;
}

export const electronFolder = folder;
export const electronProgram = join(folder, 'electron');

function fetchElectron(): boolean {
  if (existsSync(electronProgram)) return true;
  if (!existsSync(sharedElectron)) return false;
  return spawnSync(sharedElectron, [folder], { stdio: 'ignore', timeout: 240_000 }).status === 0;
}

/** Builds the app as it stands into a folder of its own, as `npm start` has it: beside its packages and pictures. */
export async function buildForTest(mayChooseEngine = false): Promise<string> {
  const root = await tempFolder('app');
  await mkdir(join(root, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'resources']) await symlink(join(repository, name), join(root, name));
  await cp(join(repository, 'package.json'), join(root, 'package.json'));
  await buildApp({ staleOnly: false, mayChooseEngine, into: root });
  return root;
}

/** As root Chromium has no sandbox; without a GPU it draws by itself. */
export const switches: readonly string[] = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'];
