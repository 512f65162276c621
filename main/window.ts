import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { webPreferences } from './harden.ts';
import { uiOrigin } from './scheme.ts';

export interface Windows {
  /** Shows the main window; `page`: at this page of it. */
  open(page: string): void;
  main(): BrowserWindow | null;
  /** The compact view at the tray icon; away again when something else is clicked. */
  togglePopup(anchor: Electron.Rectangle): void;
  /** From now on closing closes. */
  close(): void;
}

const popupSize = { width: 380, height: 520 };

/** The windows, made when they are first needed. Closing the main one leaves the tray. */
export function makeWindows(isDevelopment: boolean, isTrayThere: () => boolean): Windows {
  const preload = join(import.meta.dirname, 'preload.cjs');
  const preferences = webPreferences(preload, isDevelopment);
  let main: BrowserWindow | null = null;
  let popup: BrowserWindow | null = null;
  let isClosing = false;

  const makeMain = (page: string): BrowserWindow => {
    const window = new BrowserWindow({
      width: 1040,
      height: 720,
      minWidth: 720,
      minHeight: 480,
      show: false,
      title: 'Holdfast',
      autoHideMenuBar: true,
      webPreferences: preferences,
    });
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (isClosing || !isTrayThere()) return;
      event.preventDefault();
      window.hide();
    });
    window.once('closed', () => {
      main = null;
    });
    void window.loadURL(`${uiOrigin}/${page === '' ? '' : `#/${page}`}`);
    return window;
  };

  const makePopup = (): BrowserWindow => {
    const window = new BrowserWindow({
      ...popupSize,
      show: false,
      frame: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      title: 'Holdfast',
      webPreferences: preferences,
    });
    window.on('blur', () => window.hide());
    window.once('closed', () => {
      popup = null;
    });
    void window.loadURL(`${uiOrigin}/#/popup`);
    return window;
  };

  return {
    open: (page) => {
      if (main === null) {
        main = makeMain(page);
        return;
      }
      if (page !== '') void main.loadURL(`${uiOrigin}/#/${page}`);
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
    },
    main: () => main,
    togglePopup: (anchor) => {
      popup ??= makePopup();
      if (popup.isVisible()) {
        popup.hide();
        return;
      }
      popup.setPosition(...popupPlace(anchor, screen.getDisplayMatching(anchor).workArea));
      popup.show();
      popup.focus();
    },
    close: () => {
      isClosing = true;
      for (const window of BrowserWindow.getAllWindows()) window.close();
    },
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Beside the icon, on the side where there is room, whole on its screen. */
export function popupPlace(icon: Box, area: Box): [x: number, y: number] {
  const { width, height } = popupSize;
  const middle = icon.x + icon.width / 2 - width / 2;
  const isPanelAbove = icon.y < area.y + area.height / 2;
  const y = isPanelAbove ? icon.y + icon.height : icon.y - height;
  return [clamp(middle, area.x, area.x + area.width - width), clamp(y, area.y, area.y + area.height - height)];
}

const clamp = (value: number, low: number, high: number): number => Math.round(Math.min(Math.max(value, low), high));
