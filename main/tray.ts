import { readFileSync } from 'node:fs';
import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, nativeTheme, Tray } from 'electron';
import type { HomeStatus } from '../src/rpc/home-report.ts';
import { type TrayPicture, trayPictures, trayTone } from './tray-icon.ts';
import { type TrayActions, trayMenu } from './tray-menu.ts';
import { statusLine, type TrayState, trayState } from './tray-state.ts';
import type { Words } from './words.ts';

interface TrayIcon {
  show(status: HomeStatus | null, words: Words): void;
  bounds(): Electron.Rectangle;
  close(): void;
}

/** The icon at the panel. `onClick`: its first button, where the system tells of it. */
export function openTray(iconFolder: string, actions: TrayActions, onClick: () => void): TrayIcon {
  const { platform } = process;
  const images = new Map<string, NativeImage>();
  const imageOf = (state: TrayState): NativeImage => {
    // The panel's own: what was chosen for our windows does not change it.
    const tone = trayTone(platform, nativeTheme.shouldUseDarkColorsForSystemIntegratedUI);
    const key = `${tone} ${state}`;
    const image = images.get(key) ?? imageFrom(trayPictures(iconFolder, state, tone, platform), tone === 'template');
    images.set(key, image);
    return image;
  };
  let shown = imageOf('offline');
  const tray = new Tray(shown);
  let latest: { status: HomeStatus | null; words: Words } | null = null;
  let menu = Menu.buildFromTemplate([]);
  let menuText = '';
  let isClosed = false;

  const draw = (): void => {
    if (latest === null) return;
    const { status, words } = latest;
    const image = imageOf(trayState(status));
    if (image !== shown) {
      shown = image;
      tray.setImage(image);
    }
    const items = trayMenu(status, words, actions);
    // A menu that is open while it is replaced closes: only one that differs is set.
    const text = JSON.stringify(items);
    if (text === menuText) return;
    menuText = text;
    menu = Menu.buildFromTemplate(items as MenuItemConstructorOptions[]);
    tray.setToolTip(`Holdfast – ${statusLine(status, words)}`);
    // On macOS a menu that is set takes every click; there it is opened by the second button.
    if (platform !== 'darwin') tray.setContextMenu(menu);
  };
  nativeTheme.on('updated', draw);
  tray.on('click', onClick);
  if (platform === 'darwin') tray.on('right-click', () => tray.popUpContextMenu(menu));
  return {
    show: (status, words) => {
      // The engine still speaks while it ends, and to touch what is destroyed throws.
      if (isClosed) return;
      latest = { status, words };
      draw();
    },
    bounds: () => tray.getBounds(),
    close: () => {
      nativeTheme.off('updated', draw);
      isClosed = true;
      tray.destroy();
    },
  };
}

function imageFrom(pictures: readonly TrayPicture[], isTemplate: boolean): NativeImage {
  const image = nativeImage.createEmpty();
  for (const { file, scaleFactor } of pictures) {
    image.addRepresentation({ scaleFactor, dataURL: `data:image/png;base64,${readFileSync(file, 'base64')}` });
  }
  image.setTemplateImage(isTemplate);
  return image;
}
