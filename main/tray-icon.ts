import { join } from 'node:path';
import type { TrayState } from './tray-state.ts';

/**
 * The picture of a state in `folder`. macOS takes template images and colours them itself; elsewhere there is one set for
 * light panels and one for dark ones. Electron finds the larger sizes beside it by their `@2x`.
 */
export function trayIconFile(
  folder: string,
  state: TrayState,
  platform: NodeJS.Platform,
  isPanelDark: boolean,
): string {
  if (platform === 'darwin') return join(folder, `${state}Template.png`);
  return join(folder, `${state}-${isPanelDark ? 'dark' : 'light'}.png`);
}

/** What the desktop's panel looks like: on Linux panels are dark whatever the theme of windows is. */
export const isPanelDark = (platform: NodeJS.Platform, isThemeDark: boolean): boolean =>
  platform === 'linux' ? true : isThemeDark;
