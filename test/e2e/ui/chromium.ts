import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this system; null where there is none. */
export const chromiumPath: string | null =
  process.env['HOLDFAST_CHROMIUM'] ?? places.find((path) => existsSync(path)) ?? null;

/** Says aloud that the window was not looked at, so that a green run is not taken for more than it is. */
export function tellSkipped(): void {
  if (chromiumPath !== null) return;
  process.stderr.write(`SKIPPED: the window was not tested, since no Chromium is at ${places.join(', ')}.\n`);
}

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
