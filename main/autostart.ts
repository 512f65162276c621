import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    `Exec=${[...command, hiddenFlag].map(quoted).join(' ')}`,
    'Icon=holdfast',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** As the Desktop Entry Specification quotes arguments of `Exec`; what is quoted is escaped once more, as any text there. */
const quoted = (word: string): string => {
  const literal = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(literal)) return literal;
  return `"${literal.replaceAll(/["`$\\]/g, '\\$&')}"`
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
};
