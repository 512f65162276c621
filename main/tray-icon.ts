import { join } from 'node:path';
import type { TrayState } from './tray-state.ts';

/** For a light panel, for a dark one, or for macOS, which colours a template itself. */
export type TrayTone = 'light' | 'dark' | 'template';

/** Edge lengths in pixels, each a file of its own: `TONE/STATE-SIZE.png`. */
export const traySizes: Readonly<Record<TrayTone, readonly number[]>> = {
  light: [16, 24, 32, 48, 64],
  dark: [16, 24, 32, 48, 64],
  template: [16, 32, 48],
};

export interface TrayPicture {
  readonly file: string;
  readonly scaleFactor: number;
}

/** Linux's panels show a picture at its own size and are made for 22 to 24 pixels; elsewhere 16 is the size at scale 1. */
const atScaleOne = (platform: NodeJS.Platform): number => (platform === 'linux' ? 24 : 16);

/** The pictures of a state in `folder`, for every scale of a screen. */
export function trayPictures(
  folder: string,
  state: TrayState,
  tone: TrayTone,
  platform: NodeJS.Platform,
): TrayPicture[] {
  const one = atScaleOne(platform);
  return traySizes[tone]
    .filter((size) => size >= one)
    .map((size) => ({ file: join(folder, tone, `${state}-${size}.png`), scaleFactor: size / one }));
}

/** What the desktop's panel looks like: on Linux panels are dark whatever the theme of windows is. */
export function trayTone(platform: NodeJS.Platform, isThemeDark: boolean): TrayTone {
  if (platform === 'darwin') return 'template';
  return platform === 'linux' || isThemeDark ? 'dark' : 'light';
}
