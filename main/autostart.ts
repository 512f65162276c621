import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { App } from 'electron';

/** The word with which the system starts the app: no window then, only the tray. */
export const hiddenFlag = '--hidden';

/** Has the app start at login, or not. On Linux by a desktop file (freedesktop.org autostart specification). */
export function setAutostart(
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>,
  isOn: boolean,
  around: AutostartPlace,
): void {
  if (around.platform !== 'linux') {
    // Only where it differs: set again, Windows would forget that a person turned it off in the Task Manager.
    const args = [hiddenFlag];
    if (app.getLoginItemSettings({ args }).openAtLogin !== isOn) app.setLoginItemSettings({ openAtLogin: isOn, args });
    return;
  }
  const folder = join(around.configFolder, 'autostart');
  const file = join(folder, 'holdfast.desktop');
  if (!isOn) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, autostartEntry(around.command));
}

/** Whether the system started the app at login. macOS passes no arguments, but says so. */
export const isStartedAtLogin = (
  app: Pick<App, 'getLoginItemSettings'>,
  words: readonly string[],
  platform: NodeJS.Platform,
): boolean => words.includes(hiddenFlag) || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);

/** `XDG_CONFIG_HOME` if it is an absolute path, else `~/.config`. */
export function configFolderOf(environment: NodeJS.ProcessEnv, userFolder: string): string {
  const named = environment['XDG_CONFIG_HOME'] ?? '';
  return isAbsolute(named) ? named : join(userFolder, '.config');
}

/** The program that starts this app again. For an AppImage the file itself: what it mounts to run goes with it. */
export function programToStart(execPath: string, environment: NodeJS.ProcessEnv): string {
  const [image, mount] = [environment['APPIMAGE'], environment['APPDIR']];
  // An AppImage that started this app may have left its own variables.
  const isOurs = image !== undefined && isAbsolute(image) && mount !== undefined && execPath.startsWith(`${mount}/`);
  return isOurs ? image : execPath;
}

interface AutostartPlace {
  readonly platform: NodeJS.Platform;
  /** See {@link configFolderOf}. */
  readonly configFolder: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

export const autostartEntry = (command: readonly string[]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Holdfast',
    'Comment=Keeps your folders in step, end-to-end encrypted',
    // Without effect once the program has been removed.
    `TryExec=${literal(command[0] ?? '')}`,
    `Exec=${[...command, hiddenFlag].map(quoted).join(' ')}`,
    'Icon=holdfast-desktop',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** A value in such a file. */
const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** As the Desktop Entry Specification quotes arguments of `Exec`; what is quoted is escaped once more, as any text there. */
const quoted = (word: string): string => {
  const plain = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(plain)) return plain;
  return literal(`"${plain.replaceAll(/["`$\\]/g, '\\$&')}"`);
};
