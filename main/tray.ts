import { Menu, type MenuItemConstructorOptions, nativeTheme, Tray } from 'electron';
import type { HomeStatus } from '../src/rpc/home-report.ts';
import { isPanelDark, trayIconFile } from './tray-icon.ts';
import { type MenuItem, type TrayActions, trayMenu } from './tray-menu.ts';
import { statusLine, trayState } from './tray-state.ts';
import type { Words } from './words.ts';

export interface TrayIcon {
  show(status: HomeStatus | null, words: Words): void;
  bounds(): Electron.Rectangle;
  close(): void;
}

/** The icon at the panel. `onClick`: where the system tells of clicks; elsewhere the menu opens by itself. */
export function openTray(iconFolder: string, actions: TrayActions, onClick: () => void): TrayIcon {
  const { platform } = process;
  const iconOf = (status: HomeStatus | null): string =>
    trayIconFile(iconFolder, trayState(status), platform, isPanelDark(platform, nativeTheme.shouldUseDarkColors));
  const tray = new Tray(iconOf(null));
  let shown: { status: HomeStatus | null; words: Words } | null = null;
  let icon = '';
  let menuText = '';

  const draw = (): void => {
    if (shown === null) return;
    const { status, words } = shown;
    if (icon !== iconOf(status)) {
      icon = iconOf(status);
      tray.setImage(icon);
    }
    const menu = trayMenu(status, words, actions);
    const text = textOf(menu);
    // A menu that is open while it is replaced closes: only what reads differently is a new one.
    if (text === menuText) return;
    menuText = text;
    tray.setToolTip(`Holdfast – ${statusLine(status, words)}`);
    tray.setContextMenu(Menu.buildFromTemplate(menu as MenuItemConstructorOptions[]));
  };
  nativeTheme.on('updated', draw);
  tray.on('click', onClick);
  return {
    show: (status, words) => {
      shown = { status, words };
      draw();
    },
    bounds: () => tray.getBounds(),
    close: () => {
      nativeTheme.off('updated', draw);
      tray.destroy();
    },
  };
}

const textOf = (menu: readonly MenuItem[]): string => JSON.stringify(menu);
