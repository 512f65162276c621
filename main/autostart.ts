import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { App } from 'electron';

/** The word with which the system starts the app: no window then, only the tray. */
export const hiddenFlag = '--hidden';

/** Starts the app at login, or no more. On Linux by a file of the desktop's (freedesktop.org autostart specification). */
export function setAutostart(app: Pick<App, 'setLoginItemSettings'>, isOn: boolean, around: AutostartPlace): void {
  if (around.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: isOn, args: [hiddenFlag] });
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

/** The program that starts this app again. Of an AppImage the file itself: what it mounts to run is gone with it. */
export function programToStart(execPath: string, environment: NodeJS.ProcessEnv): string {
  const [image, mount] = [environment['APPIMAGE'], environment['APPDIR']];
  // Others, which started this one, may have left theirs there.
  const isOurs = image !== undefined && isAbsolute(image) && mount !== undefined && execPath.startsWith(`${mount}/`);
  return isOurs ? image : execPath;
}

export interface AutostartPlace {
  readonly platform: NodeJS.Platform;
  /** `XDG_CONFIG_HOME` or `~/.config`. */
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
    // An entry of a program that was removed is no entry.
    `TryExec=${literal(command[0] ?? '')}`,
    `Exec=${[...command, hiddenFlag].map(quoted).join(' ')}`,
    'Icon=holdfast-desktop',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** Any text of such a file. */
const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** As the Desktop Entry Specification quotes arguments of `Exec`; what is quoted is escaped once more, as any text there. */
const quoted = (word: string): string => {
  const plain = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(plain)) return plain;
  return literal(`"${plain.replaceAll(/["`$\\]/g, '\\$&')}"`);
};
