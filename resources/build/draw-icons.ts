import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { type TrayTone, traySizes } from '../../main/tray-icon.ts';
import { trayStates } from '../../main/tray-state.ts';
import { repository } from './repository.ts';

/**
 * Draws the pictures of the tray and the app from their SVG sources, with the Chromium that `HOLDFAST_CHROMIUM` names or the
 * system's. What it draws is committed: neither a build nor a run needs a browser.
 */
const resources = join(repository, 'resources');

/** What `currentColor` and `--badge` are on each kind of panel. macOS takes only the shape of a template. */
const colours: Readonly<Record<TrayTone, string>> = {
  light: 'color: #1d2b2a; --badge: #0f6b66',
  // Few desktops of Linux tell how light their panel is: a dark rim keeps the white shape visible on a light one.
  dark: 'color: #f4f8f7; --badge: #5cc4b8; filter: drop-shadow(0 0 0.5px #000c) drop-shadow(0 0 0.5px #0009)',
  template: 'color: #000',
};
const attention: Readonly<Record<TrayTone, string>> = {
  light: '--badge: #c2410c',
  dark: '--badge: #ffb454',
  template: '',
};
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

interface Picture {
  readonly file: string;
  readonly svg: string;
  readonly style: string;
  readonly size: number;
}

function pictures(): Picture[] {
  const read = (...path: string[]): string => readFileSync(join(resources, ...path), 'utf8');
  const tones = Object.keys(traySizes) as TrayTone[];
  const tray = tones.flatMap((tone) =>
    trayStates.flatMap((state) =>
      traySizes[tone].map((size) => ({
        file: join(resources, 'tray', tone, `${state}-${size}.png`),
        svg: read('tray', 'source', `${state}.svg`),
        style: `${colours[tone]}; ${state === 'attention' ? attention[tone] : ''}`,
        size,
      })),
    ),
  );
  const app = appSizes.map((size) => ({
    file: join(resources, 'icons', `${size}x${size}.png`),
    svg: read('icons', 'icon.svg'),
    style: '',
    size,
  }));
  return [...tray, ...app];
}

const executablePath = process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ deviceScaleFactor: 1 });
for (const folder of [...Object.keys(traySizes).map((tone) => join('tray', tone)), 'icons']) {
  mkdirSync(join(resources, folder), { recursive: true });
}
for (const { file, svg, style, size } of pictures()) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html, body { margin: 0; background: transparent } svg { display: block; width: ${size}px; height: ${size}px; ${style} }</style>${svg}`,
  );
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
}
await browser.close();
