import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { closeUnseen } from './close-unseen.ts';
import { webPreferences } from './harden.ts';
import type { KeptPlace, WindowPlace } from './kept-place.ts';
import { pageAgain } from './page-again.ts';
import { anchorOf, pageOf, popupPlace, popupSize } from './popup-place.ts';
import { uiOrigin } from './scheme.ts';
import { leastSize, placeAgain, usualSize } from './window-place.ts';
import { zoomKeys } from './zoom-keys.ts';

export interface Windows {
  /** Shows the main window; `page`: at this page of it. */
  open(page: string): void;
  main(): BrowserWindow | null;
  /** The compact view at the tray icon; away again when something else is clicked. */
  togglePopup(anchor: Electron.Rectangle): void;
  /** From now on closing closes. */
  close(): void;
}

/** In milliseconds. A click on the icon takes the popup's focus first: a popup that closed just before was closed by that click. */
const sameClick = 250;

/** The page's own background, from the first moment. A theme just chosen may not have reached the system's part of Electron yet. */
function ground(): string {
  const { shouldUseDarkColors, themeSource } = nativeTheme;
  const isDark = themeSource === 'system' ? shouldUseDarkColors : themeSource === 'dark';
  return isDark ? '#17191a' : '#f6f6f4';
}

/**
 * The windows, made when they are needed and given up when nobody looks at them for a while. Closing the main one leaves the
 * tray.
 */
export function makeWindows(isDevelopment: boolean, icon: string, kept: KeptPlace): Windows {
  const preload = join(import.meta.dirname, 'preload.cjs');
  const preferences = webPreferences(preload, isDevelopment);
  let main: BrowserWindow | null = null;
  let popup: BrowserWindow | null = null;
  let isClosing = false;
  let hiddenAt = Number.NEGATIVE_INFINITY;
  /** Where the main window was when it was closed: whoever opens it again finds it so. */
  let leftPage = '';
  let place: WindowPlace | null = kept.read();

  const makeMain = (page: string): BrowserWindow => {
    const window = new BrowserWindow({
      ...(place === null ? usualSize : placeAgain(place.bounds, screen.getDisplayMatching(place.bounds).workArea)),
      minWidth: leastSize.width,
      minHeight: leastSize.height,
      show: false,
      backgroundColor: ground(),
      title: 'Holdfast',
      icon,
      autoHideMenuBar: true,
      webPreferences: preferences,
    });
    window.removeMenu();
    const isMaximized = place?.isMaximized === true;
    window.once('ready-to-show', () => {
      if (isMaximized) window.maximize();
      window.show();
    });
    zoomKeys(window.webContents);
    pageAgain(window.webContents, () => performance.now());
    const isLeaving = closeUnseen(window);
    window.on('close', (event) => {
      if (window.isVisible()) {
        leftPage = pageOf(window.webContents.getURL());
        place = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
        kept.keep(place);
      }
      if (isClosing || isLeaving()) return;
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
      backgroundColor: ground(),
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
    pageAgain(window.webContents, () => performance.now());
    closeUnseen(window);
    window.on('blur', () => {
      hiddenAt = performance.now();
      window.hide();
    });
    // As any menu of a panel; who has no mouse can click nowhere else.
    window.webContents.on('before-input-event', (_event, { type, key }) => {
      if (type === 'keyDown' && key === 'Escape') window.hide();
    });
    // A link of the popup opens in the window.
    window.webContents.on('did-navigate-in-page', (_event, address) => {
      const page = pageOf(address);
      if (page === 'popup') return;
      window.hide();
      void window.loadURL(`${uiOrigin}/#/popup`);
      open(page);
    });
    window.once('closed', () => {
      popup = null;
    });
    void window.loadURL(`${uiOrigin}/#/popup`);
    return window;
  };

  const open = (page: string): void => {
    if (main === null) {
      main = makeMain(page === '' ? leftPage : page);
      return;
    }
    if (page !== '') void main.loadURL(`${uiOrigin}/#/${page}`);
    if (main.isMinimized()) main.restore();
    main.show();
    main.focus();
  };

  return {
    open,
    main: () => main,
    togglePopup: (anchor) => {
      popup ??= makePopup();
      const { webContents } = popup;
      if (popup.isVisible()) {
        popup.hide();
        return;
      }
      if (performance.now() - hiddenAt < sameClick) return;
      const icon = anchorOf(anchor, screen.getCursorScreenPoint());
      const { workArea } = screen.getDisplayMatching(icon);
      const putThere = (): void => popup?.setBounds(popupPlace(icon, workArea, webContents.getZoomFactor()));
      putThere();
      // How large its letters are a new page knows when it is there.
      if (webContents.isLoading()) webContents.once('did-finish-load', putThere);
      popup.show();
      popup.focus();
    },
    close: () => {
      isClosing = true;
      for (const window of BrowserWindow.getAllWindows()) window.close();
    },
  };
}
