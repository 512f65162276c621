import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An Electron that could be started, or the reason why there is none, as the end of “The desktop app is not opened: …”. */
export type Found = { readonly electron: string } | { readonly why: string };

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The installed package `electron`; its program comes with a script of its own, which an install may leave out. */
  readonly packageFolder: string;
}

/** Looks for a desktop and for Electron's program; starts and fetches nothing. */
export function findElectron({ platform, environment, packageFolder }: Machine): Found {
  const hasDesktop = platform !== 'linux' || isSet(environment['DISPLAY']) || isSet(environment['WAYLAND_DISPLAY']);
  if (!hasDesktop) return { why: 'there is no desktop here (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  const chosen = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = isSet(chosen) ? chosen : join(packageFolder, 'dist');
  const electron = join(folder, programName(platform));
  if (existsSync(electron)) return { electron };
  if (isSet(chosen)) return { why: `ELECTRON_OVERRIDE_DIST_PATH names ${chosen}, where there is no Electron` };
  return { why: 'Electron’s program is not installed (`npx install-electron` fetches it)' };
}

const isSet = (text: string | undefined): text is string => text !== undefined && text !== '';

const programName = (platform: NodeJS.Platform): string => {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
};
