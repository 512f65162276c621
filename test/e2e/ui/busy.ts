import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { must } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { removeTempFolders } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium } from './chromium.ts';
import { pageWork } from './page-work.ts';
import { email, newComputer, password } from './people.ts';

/**
 * How smoothly the window runs while 10,000 files sync: frames of each screen, and how much of the time its thread worked.
 * `node test/e2e/ui/busy.ts [FILES]`; prints one line of JSON for each screen.
 */
const count = Number(process.argv[2] ?? 10_000);
const screens = ['folders', 'files', 'activity', 'popup'];
const perScreen = Math.ceil(count / screens.length);

const startFrames = `(() => {
  window.frames_ = [];
  cancelAnimationFrame(window.counting_);
  let last = performance.now();
  const count = (now) => {
    window.frames_.push(now - last);
    last = now;
    window.counting_ = requestAnimationFrame(count);
  };
  window.counting_ = requestAnimationFrame(count);
})()`;

await buildWindow();
const root = await mkdtemp(join(tmpdir(), 'busy-'));
const server = await startTestServer();
const { daemon, folder } = await newComputer(root, 'desk');
const browser = await launchChromium(must(chromiumPath));
try {
  const { service } = daemon;
  await service.signup({ server: server.url, email, password, deviceName: 'Desk' });
  await service.add({ folder, vault: 'Documents', isPaused: false });
  const page = await browser.newPage({ viewport: { width: 1120, height: 760 }, locale: 'en-GB' });
  await page.goto(daemon.newAddress());
  await page.getByRole('article').waitFor();
  const work = await pageWork(page);
  for (const screen of screens) {
    await page.evaluate(`location.hash = '#/${screen}'`);
    await service.pause({ pair: null, minutes: null });
    await mkdir(join(folder, screen));
    for (let at = 0; at < perScreen; at++) await writeFile(join(folder, screen, `file-${at}.txt`), `${screen} ${at}`);
    const goal = (screens.indexOf(screen) + 1) * perScreen;
    process.stdout.write(`${JSON.stringify({ screen, ...(await measure(page, goal)) })}\n`);
  }

  async function measure(of: Page, goal: number) {
    await of.evaluate(startFrames);
    await work();
    const begun = performance.now();
    await service.resume({ pair: null });
    await eventually(async () => (await service.status({})).pairs[0]?.files === goal, { within: 120_000 });
    const seconds = (performance.now() - begun) / 1000;
    const worked = await work();
    const frames = (await of.evaluate('window.frames_.sort((a, b) => a - b)')) as number[];
    const at = (part: number): number => Math.round((frames[Math.floor(frames.length * part)] ?? 0) * 10) / 10;
    return {
      seconds: Math.round(seconds * 10) / 10,
      frames: frames.length,
      perSecond: Math.round(frames.length / seconds),
      median: at(0.5),
      most: at(0.95),
      longest: at(0.9999),
      busyShare: Math.round((worked / seconds) * 1000) / 1000,
    };
  }
} finally {
  await browser.close();
  await daemon.close();
  await server.close();
  await rm(root, { recursive: true, force: true });
  await removeTempFolders();
}
