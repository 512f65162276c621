import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium, tellSkipped } from './chromium.ts';
import { scrollThrough } from './long-list.ts';
import { pageWork } from './page-work.ts';
import { type Computer, email, newComputer, password } from './people.ts';

tellSkipped();

/** A vault of 100,000 files takes half a minute to make: that is for `npm run big`. */
const isReal = process.env['HOLDFAST_BIG'] === '1';
const count = isReal ? 100_000 : 3000;
const timeout = isReal ? 900_000 : 240_000;

describe.skipIf(chromiumPath === null)(`a folder of ${count} files, in Chromium, with the real engine`, () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let computer: Computer;
  const row = (at: number) => page.getByRole('row', { name: new RegExp(`scan-${at}\\.pdf`) });
  /** The list may still be another one when the key is pressed. */
  const toEnd = (last: number) =>
    eventually(
      async () => {
        await page.getByRole('grid').press('End');
        return row(last).isVisible();
      },
      { what: `the row of the last file, ${last}` },
    );

  beforeAll(async () => {
    await buildWindow();
    [server, computer] = await Promise.all([startTestServer(), newComputer(await tempFolder('large'), 'desk')]);
    const { folder, daemon } = computer;
    for (let at = 0; at < count; at++) writeFileSync(join(folder, `scan-${at}.pdf`), '');
    await daemon.service.signup({ server: server.url, email, password, deviceName: 'Desk' });
    await daemon.service.add({ folder, vault: 'Scans', isPaused: false });
    expect(await daemon.service.sync({ pair: null })).toMatchObject({ converged: true });
    browser = await launchChromium(must(chromiumPath));
    page = await browser.newPage({ locale: 'en-GB' });
    page.setDefaultTimeout(patience);
    await page.goto(daemon.newAddress());
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Files' }).click();
    await row(0).waitFor();
  }, timeout);
  afterAll(async () => {
    await browser?.close();
    await computer?.daemon.close();
    await server?.close();
  }, timeout);

  test('is scrolled through with few rows in the page, to its end', async () => {
    const work = await pageWork(page);
    const { frames, rows } = await scrollThrough(page);
    const perFrame = ((await work()) * 1000) / frames.length;
    process.stderr.write(`${count} entries of a real engine: ${perFrame.toFixed(1)} ms of work for each frame\n`);
    expect(rows).toBeLessThan(100);
    // As for the made-up list: far below what it costs to draw more rows than are seen.
    expect(perFrame).toBeLessThan(80);
    await toEnd(count - 1);
  });

  test('is searched, and shows what is new at its place', async () => {
    await page.getByRole('searchbox').fill(`can-${count - 7}`);
    const files = page.getByRole('row').filter({ hasText: '.pdf' });
    // The end of the whole list shows that file as well.
    await eventually(async () => (await files.count()) === 1 && row(count - 7).isVisible(), {
      what: 'the one file that was searched',
    });
    await page.getByRole('searchbox').fill('');
    writeFileSync(join(computer.folder, `scan-${count}.pdf`), '');
    await toEnd(count);
  });
});
