import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../../src/common/errors.ts';
import { repository } from '../../helpers/run.ts';
import { removeTempFolders } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { newComputer, setUp } from './people.ts';

/** Takes the README's pictures of the window, of a real sync that is slowed down so that there is something to see. */
const target = join(repository, 'resources', 'screens');
const root = await mkdtemp(join(tmpdir(), 'ada-'));
await mkdir(target, { recursive: true });
await buildWindow();
const server = await startTestServer();
const { daemon, folder } = await newComputer(root, 'home');
const browser = await launchChromium(must(chromiumPath));
try {
  for (const name of ['Photos', 'Letters', 'Taxes 2025']) await mkdir(join(folder, name));
  for (let at = 1; at <= 24; at++) await writeFile(join(folder, 'Photos', `coast-${at}.jpg`), noise(at));
  for (const name of ['budget.ods', 'notes.md', 'travel plans.pdf']) await writeFile(join(folder, name), noise(1));
  await daemon.service['settings-set']({ upBytesPerSecond: 600 * 1024, theme: 'light', language: 'en' });
  const page = await browser.newPage({ viewport: { width: 1040, height: 560 }, locale: 'en-GB' });
  await page.goto(daemon.newAddress());
  await setUp(page, server.url, folder, async () => undefined);
  await page.getByRole('progressbar').waitFor();
  await page.locator('figure svg').waitFor({ timeout: 12_000 });
  await page.screenshot({ path: join(target, 'folders.png') });
  await daemon.service['settings-set']({ upBytesPerSecond: null, theme: 'dark' });
  await page.getByRole('heading', { name: 'Up to date' }).waitFor();
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await page.getByRole('row', { name: /travel plans/ }).click();
  await page.getByText('Current').waitFor();
  await page.screenshot({ path: join(target, 'files.png') });
} finally {
  await browser.close();
  await daemon.close();
  await server.close();
  await rm(root, { recursive: true, force: true });
  await removeTempFolders();
}

/** Content that neither compresses nor repeats. */
function noise(seed: number): Buffer {
  let state = seed * 2_654_435_761;
  return Buffer.from(
    Uint8Array.from({ length: 180_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}
