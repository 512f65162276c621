import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogues } from '../../../renderer/i18n/catalogues.ts';
import { must } from '../../../src/common/errors.ts';
import type { DeviceId } from '../../../src/common/ids.ts';
import type { Output } from '../../../src/rpc/contract.ts';
import { eventually } from '../../helpers/eventually.ts';
import { chromiumPath, tellSkipped } from './chromium.ts';
import { longList, scrollThrough } from './long-list.ts';
import { activity } from './made-up/activity.ts';
import { ago, day, id } from './made-up/basics.ts';
import { appInfo } from './made-up/computer.ts';
import { entries, trash } from './made-up/files.ts';
import { issues } from './made-up/issues.ts';
import { homeStatus, pairStatus, syncing, throughput } from './made-up/statuses.ts';
import { usual, withBills } from './made-up/usual.ts';
import { pageWork } from './page-work.ts';
import { scenes } from './scenes/scenes.ts';
import { type Look, showScene, speak } from './show-scene.ts';
import { failing, openStage, type Stage } from './stage.ts';

tellSkipped();

/** How the window lies in the hand: keys, focus, the way in which it is written, lists of any length. */
describe.skipIf(chromiumPath === null)('the window', () => {
  let stage: Stage;
  const english = (): Look => ({ language: 'en', theme: 'light' });
  const show = (at: string, answers = usual) => showScene(stage, { name: at, at, answers }, english());
  const focusOf = (page: Page): Promise<unknown> =>
    page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent');

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
  });

  test('is walked through by keyboard alone', async () => {
    const page = await show('files', withBills);
    await page.getByRole('grid').focus();
    await page.getByRole('row', { name: /budget/ }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /budget/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /notes\.md/ }).waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('zebra');
    expect(await page.getByRole('searchbox').inputValue()).toBe('zebra');
  });

  test('closes the details of a file when one goes to another folder, whichever way', async () => {
    const page = await show('files', withBills);
    const details = page.getByRole('heading', { name: 'Versions' });
    const open = async () => {
      await page.getByRole('row', { name: /Bills/ }).dblclick();
      await page.getByRole('row', { name: /budget/ }).waitFor({ state: 'detached' });
      await page.getByRole('row', { name: /notes\.md/ }).click();
      await details.waitFor();
    };
    await open();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Documents' }).click();
    await details.waitFor({ state: 'detached' });
    await open();
    await page.goBack();
    await details.waitFor({ state: 'detached' });
  });

  test('tells over a dialog what went wrong with what that asked for', async () => {
    const page = await show('devices', () => ({ ...usual(), 'revoke-device': failing('The server is away.') }));
    await page.getByRole('button', { name: 'Remove…' }).first().click();
    await page.getByRole('button', { name: 'Remove device' }).click();
    const told = page.getByText('The server is away.');
    await told.waitFor();
    const { x, y, width, height } = must(await told.boundingBox());
    const uppermost = `document.elementFromPoint(${x + width / 2}, ${y + height / 2}).textContent`;
    expect(await page.evaluate(uppermost)).toBe('The server is away.');
    await page.getByRole('button', { name: 'Dismiss message' }).click();
    await told.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove device' }).waitFor();
  });

  test('gives the focus back to where it was when a dialog or a menu goes', async () => {
    const page = await show('files');
    await page.getByRole('button', { name: 'Trash' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await focusOf(page)) === 'Trash');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.getByRole('link', { name: 'Folders' }).click();
    const more = page.getByRole('button', { name: 'More actions for Documents' });
    await more.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await focusOf(page)) === 'More actions for Documents');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Stop syncing…' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => (await focusOf(page)) === 'More actions for Documents');
  });

  test('opens a folder once for whoever clicks twice, and nothing that stands at its place in it', async () => {
    const clickTwice = async (page: Page, on: Locator, isOpen: () => Promise<boolean>): Promise<void> => {
      const { x, y } = must(await on.boundingBox());
      await page.mouse.click(x + 20, y + 10);
      await eventually(isOpen);
      await page.mouse.down({ clickCount: 2 });
      await page.mouse.up({ clickCount: 2 });
    };
    const within = (path: string) =>
      entries().map((entry) => (path === '' ? entry : { ...entry, name: `${path} ${entry.name}`, path: `${path}/x` }));
    const page = await show('files', () => ({
      ...usual(),
      browse: ({ path }) => ({ entries: within(path), total: within(path).length }),
    }));
    await clickTwice(page, page.getByRole('row', { name: 'Bills' }), () =>
      page.getByRole('row', { name: 'Bills Bills' }).isVisible(),
    );
    await page.waitForFunction('new Promise((done) => requestAnimationFrame(() => done(true)))');
    expect(await page.evaluate('location.hash')).toMatch(/\/Bills$/);

    const asked: unknown[] = [];
    const picking = await show('folders', () => ({
      ...usual(),
      'app-info': () => ({ ...appInfo, canChooseFolder: false }),
      folders: ({ folder }) => {
        asked.push(folder);
        const at = folder ?? '/home/ada';
        return { folder: at, parent: '/home', folders: [{ name: `in ${at}`, path: `${at}/Music` }] };
      },
    }));
    await picking.getByRole('button', { name: 'Add folder' }).click();
    await picking.getByRole('button', { name: 'Browse…' }).click();
    await clickTwice(picking, picking.getByRole('button', { name: 'in /home/ada', exact: true }), () =>
      picking.getByRole('button', { name: 'in /home/ada/Music' }).isVisible(),
    );
    await picking.waitForFunction('new Promise((done) => requestAnimationFrame(() => done(true)))');
    expect(asked).toEqual([null, '/home/ada/Music']);
    await picking.close();
  });

  test('sorts by keyboard, and opens nothing by it', async () => {
    const page = await show('files');
    await page.getByRole('row', { name: /budget/ }).waitFor();
    await page.getByRole('button', { name: 'Size' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=columnheader][aria-sort=descending]').filter({ hasText: 'Size' }).waitFor();
    expect(await page.evaluate('location.hash')).toBe('#/files');
  });

  test('leaves the folders where they are when the chart of the last minutes comes', async () => {
    let samples: Output<'throughput'>['samples'] = [];
    const page = await show('folders', () => ({ ...usual(syncing), throughput: () => ({ samples }) }));
    const folder = page.getByRole('heading', { name: 'Documents' });
    const before = await folder.boundingBox();
    samples = throughput();
    await page.locator('figure svg').waitFor();
    expect(await folder.boundingBox()).toEqual(before);
  });

  test('leaves the focus on a button that is at work, and lets it be pressed once', async () => {
    const asked: unknown[] = [];
    const answered = Promise.withResolvers<null>();
    const page = await show('activity', () => ({
      ...usual(),
      activity: async ({ before }) => {
        asked.push(before);
        if (before !== null) await answered.promise;
        return { activity: before === null ? activity() : [], next: 'older' };
      },
    }));
    await page.getByRole('button', { name: 'Show more' }).focus();
    for (let times = 0; times < 3; times++) {
      await page.keyboard.press('Enter');
      await page.locator('[aria-busy=true]').filter({ hasText: 'Show more' }).waitFor();
    }
    answered.resolve(null);
    await page.locator('[aria-busy=false]').filter({ hasText: 'Show more' }).waitFor();
    expect(await focusOf(page)).toBe('Show more');
    expect(asked.filter((before) => before !== null)).toHaveLength(1);
  });

  test('leaves the focus where it was when something is copied in the desktop app, whose page may use no clipboard', async () => {
    const page = await show('settings', () => ({
      ...usual(),
      diagnostics: () => ({ fileName: 'report.json', text: '{}' }),
    }));
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("denied"))');
    await page.getByRole('button', { name: 'Copy diagnostics' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await focusOf(page)).toBe('Copy diagnostics');
  });

  test('pauses all folders by one command, and says of some that they are some', async () => {
    const asked: unknown[] = [];
    const some = () => homeStatus('paused', [pairStatus(0), pairStatus(1, { state: 'paused' })]);
    for (const at of ['folders', 'popup']) {
      const page = await show(at, () => ({
        ...usual(some),
        pause: (input) => {
          asked.push(input);
          return { pairs: [] };
        },
      }));
      await page.getByText('Changes in some folders are kept for later; the others are up to date.').waitFor();
      await page.getByRole('button', { name: 'Pause all' }).click();
      if (at === 'folders') await page.getByRole('menuitem', { name: 'Until I resume' }).click();
      await eventually(() => asked.length > 0);
      expect(asked.splice(0)).toEqual([{ pair: null, minutes: null }]);
    }
  });

  test('shows thousands of issues a hundred at a time', async () => {
    const [sample] = issues().filter(({ kind }) => kind === 'file-blocked');
    const many = Array.from({ length: 5000 }, (_, n) => ({ ...must(sample), id: `blocked:${n}`, path: `${n}.txt` }));
    const page = await show('issues', () => ({ ...usual(), issues: () => ({ issues: many }) }));
    const more = page.getByRole('button', { name: /Show more/ });
    const rows = page.locator('main section li');
    for (const [shown, left] of [
      [5, '4,995'],
      [100, '4,900'],
      [200, '4,800'],
    ] as const) {
      await more.filter({ hasText: left }).waitFor();
      expect(await rows.count()).toBe(shown);
      await more.click();
    }
    await page.getByRole('button', { name: 'Show less' }).click();
    await more.filter({ hasText: '4,995' }).waitFor();
    expect(await rows.count()).toBe(5);
  });

  test('decides more issues together than one question holds, and looks at what is left once', async () => {
    const [sample] = issues().filter(({ kind }) => kind === 'file-blocked');
    const many = Array.from({ length: 2500 }, (_, n) => ({ ...must(sample), id: `blocked:${n}`, path: `${n}.txt` }));
    const decided: string[] = [];
    let looks = 0;
    const page = await show('issues', () => ({
      ...usual(),
      issues: () => {
        looks++;
        return { issues: many };
      },
      'resolve-many': (input) => {
        expect(input.issues.length).toBeLessThanOrEqual(1000);
        decided.push(...input.issues.map(({ issue }) => issue));
        return { done: input.issues.length, failures: [] };
      },
    }));
    await page.getByRole('button', { name: 'Try again (2,500)' }).click();
    await page.getByRole('status').filter({ hasText: '2,500 issues dealt with.' }).waitFor();
    expect(decided).toEqual(many.map(({ id }) => id));
    await eventually(() => looks > 1);
    expect(looks).toBe(2);
  });

  test('shows what one tab of the trash has or what the other has, never both', async () => {
    const page = await show('files', () => ({ ...usual(), trash: () => ({ trash: trash() }) }));
    await page.getByRole('button', { name: 'Trash' }).click();
    await page.getByRole('tab', { name: 'This computer' }).waitFor();
    // In the frame of the click, and until the browser has drawn what came of it.
    const most = await page.evaluate(`(async () => {
      const shown = () => [...document.querySelectorAll('[role=tabpanel]')].filter((each) => each.checkVisibility()).length;
      [...document.querySelectorAll('[role=tab]')].at(-1).click();
      const counts = [];
      for (let at = 0; at < 6; at++) {
        counts.push(shown());
        await (at < 3 ? Promise.resolve() : new Promise((next) => requestAnimationFrame(next)));
      }
      return Math.max(...counts);
    })()`);
    expect(most).toBe(1);
    await page.close();
  });

  test('names a few silent devices beside a folder, and leads to the others', async () => {
    const heard = Array.from({ length: 40 }, (_, n) => ({
      device: id(0x400 + n) as DeviceId,
      deviceName: `Old laptop ${n}`,
      lastHeardAt: ago(20 * day),
      isOverdue: true,
    }));
    const page = await show('folders', () => usual(() => homeStatus('up-to-date', [pairStatus(0, { heard })])));
    const named = page.getByRole('link', { name: /Old laptop/ });
    await named.first().waitFor();
    expect(await named.count()).toBe(3);
    await page.getByRole('link', { name: 'and 37 more' }).click();
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor();
  });

  test('keeps long names within their card', async () => {
    const long = pairStatus(0, { vaultName: 'W'.repeat(250), folder: `/home/${'w'.repeat(250)}` });
    const page = await show('folders', () => usual(() => homeStatus('up-to-date', [long])));
    const card = must(await page.getByRole('article').boundingBox());
    const name = must(await page.getByRole('heading', { level: 3 }).getByRole('link').boundingBox());
    expect(name.x + name.width).toBeLessThan(card.x + card.width - 200);
  });

  test('says how long ago something was by the time that it is, though nothing else has changed', async () => {
    const page = await show('folders', () => usual(() => homeStatus('up-to-date', [pairStatus(0)])));
    await page.getByText('Synced 2 minutes ago').waitFor();
    await page.evaluate(`{
      const now = Date.now;
      Date.now = () => now() + 3 * 3_600_000;
      document.dispatchEvent(new Event('visibilitychange'));
    }`);
    await page.getByText('Synced 3 hours ago').waitFor();
  });

  test('keeps what is long in German within the page of a phone', async () => {
    for (const name of ['folders-words-unconfirmed', 'settings']) {
      const scene = must(scenes.find((each) => each.name === name));
      const page = await showScene(stage, { ...scene, size: 'tiny' }, { language: 'de', theme: 'light' });
      const outside = await page.evaluate(`[...document.querySelectorAll('main :is(button, select, time)')]
        .filter((each) => each.getBoundingClientRect().right > innerWidth - 20).map((each) => each.textContent)`);
      expect(outside, name).toEqual([]);
    }
  });

  test('moves nothing for whoever wants nothing to move', async () => {
    const page = await show('folders', () => usual(syncing));
    const endless = (): Promise<unknown> =>
      page.evaluate(
        'document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations === Infinity).length',
      );
    expect(await endless()).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await endless()).toBe(0);
  });

  test('stands the other way round for languages that are written so, and as the language is that is chosen', async () => {
    const look = english();
    const page = await showScene(stage, { name: 'folders', at: 'folders', answers: usual }, look);
    const sideAt = async (): Promise<number> => must(await page.getByRole('banner').boundingBox()).x;
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    expect(await sideAt()).toBeGreaterThan(must(page.viewportSize()).width / 2);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await speak(page, look, 'de');
    await eventually(
      async () => (await page.evaluate('document.documentElement.dir')) === must(catalogues['de']).direction,
    );
    expect(await sideAt()).toBe(0);
  });

  test('scrolls through 100,000 entries smoothly, with few of them in the page', async () => {
    const page = await show('files', () => ({ ...usual(), browse: longList }));
    await page.getByRole('row', { name: /scan-0\.pdf/ }).waitFor();
    const work = await pageWork(page);
    const { frames, rows } = await scrollThrough(page);
    const perFrame = ((await work()) * 1000) / frames.length;
    const [half, most] = [0.5, 0.95].map((part) => frames[Math.floor(frames.length * part)] ?? 0) as [number, number];
    process.stderr.write(
      `100,000 entries: frames of ${half.toFixed(1)} ms, 95 % within ${most.toFixed(1)} ms, ${perFrame.toFixed(1)} ms of work each\n`,
    );
    expect(rows).toBeLessThan(100);
    // Frames come late on a computer that is busy otherwise, and what one costs may be twice of what it is: a wide limit,
    // far below what it costs to draw more rows than are seen.
    expect(perFrame).toBeLessThan(80);
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.getByRole('row', { name: /scan-99999\.pdf/ }).waitFor();
  });
});
