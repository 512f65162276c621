import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { expectAccessible } from './accessible.ts';
import { chromiumPath, tellSkipped } from './chromium.ts';
import { syncing } from './made-up/statuses.ts';
import { usual } from './made-up/usual.ts';
import { notMirrored } from './mirrored.ts';
import { type Scene, sizes } from './scenes/scene.ts';
import { scenes } from './scenes/scenes.ts';
import { type Look, showScene, speak } from './show-scene.ts';
import { openStage, type Stage } from './stage.ts';
import { tabRound } from './tab-round.ts';

tellSkipped();

const sceneOf = (name: string): Scene => must(scenes.find((each) => each.name === name));

/** Where keys are walked through: each screen, and steps and dialogs of each kind. */
const walked = [
  ...['welcome-server', 'account-sign-in-refused', 'words', 'check-wrong', 'folder', 'preview'],
  ...[
    'folders',
    'folders-syncing',
    'folders-settings',
    'folders-remove',
    'folders-add',
    'files-details',
    'files-conflict',
  ],
  ...['files-why', 'files-trash-here', 'activity', 'activity-undo', 'issues', 'issues-held', 'devices', 'settings'],
  'settings-checked',
  'popup',
];

/** Things that reach over the window's edge or out of what holds them, and cannot be scrolled to. */
const sticksOut = (page: Page): Promise<unknown> =>
  page.evaluate(`(async () => {
    // What floats finds its place in the frame after the one that has the new size.
    for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) return ['the page is ' + wide + ' wide'];
    return [...document.querySelectorAll('button, a, input, select, h1, h2, h3')].filter((each) => {
      const { left, right, width } = each.getBoundingClientRect();
      if (width <= 1 || each.closest('.hidden') !== null || each.ariaHidden === 'true') return false;
      for (let at = each.parentElement; at !== null; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflowX)) {
          const frame = at.getBoundingClientRect();
          return at.scrollWidth > at.clientWidth + 1 && (right > frame.right + 1 || left < frame.left - 1);
        }
      }
      return left < -1 || right > innerWidth + 1;
    }).map((each) => each.outerHTML.slice(0, 160));
  })()`);

describe.skipIf(chromiumPath === null)('each screen, step and dialog of the window', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
  });

  const expectInside = async (page: Page, { size }: Scene, language: string): Promise<void> => {
    await page.evaluate(`document.documentElement.style.fontSize = ''`);
    expect(await sticksOut(page), `in its usual size, ${language}`).toEqual([]);
    if (size === undefined) await page.setViewportSize(sizes.narrow);
    expect(await sticksOut(page), `in a small window, ${language}`).toEqual([]);
    await page.setViewportSize(sizes[size === 'popup' ? 'popup' : 'large']);
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await sticksOut(page), `with letters of twice the size, ${language}`).toEqual([]);
  };

  test.each(scenes.filter(({ size }) => size !== 'narrow'))(
    '$name: for screen readers in both colours, in a small window, with large letters, in both languages, in a mirror',
    async (scene) => {
      const look: Look = { language: 'en', theme: 'light' };
      const page = await showScene(stage, scene, look);
      await expectAccessible(page, `${scene.name}, light`);
      await page.evaluate(`document.documentElement.dataset.theme = 'dark'`);
      await expectAccessible(page, `${scene.name}, dark`, ['color-contrast']);
      expect(await notMirrored(page)).toEqual([]);
      await expectInside(page, scene, 'en');
      await speak(page, look, 'de');
      await expectInside(page, scene, 'de');
    },
  );

  test.each(walked)('%s: all of it is reached by Tab alone, and one sees where one is', async (name) => {
    const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
    expect(await tabRound(page)).toEqual([]);
  });

  test.each([
    ['folders-syncing', 'figcaption'],
    ['preview', 'dl dt'],
  ])('%s: the words of %s end where that ends, in both languages', async (name, selector) => {
    const look: Look = { language: 'en', theme: 'light' };
    const page = await showScene(stage, sceneOf(name), look);
    for (const language of ['en', 'de']) {
      await speak(page, look, language);
      const tooWide = await page
        .locator(selector)
        .evaluateAll((all) =>
          all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent),
        );
      expect(tooWide, language).toEqual([]);
    }
  });

  /** What stands behind it, whichever element has it. */
  const groundOf = (element: Locator): Promise<string | undefined> =>
    element.evaluate((each) => {
      const grounds: (string | undefined)[] = [];
      for (let at: typeof each | null = each; at !== null; at = at.parentElement) {
        grounds.push(each.ownerDocument.defaultView?.getComputedStyle(at).backgroundColor);
      }
      return grounds.find((ground) => ground?.endsWith(', 0)') === false);
    });

  test.each<[string, (page: Page) => readonly [Locator, Locator]]>([
    ['settings', (page) => [page.locator('nav [aria-current]'), page.locator('nav a:not([aria-current])').first()]],
    ['settings', (page) => [page.getByRole('switch').first(), page.getByRole('switch').last()]],
    [
      'folders-syncing',
      (page) => [page.locator('[role=progressbar] > *').first(), page.locator('[role=progressbar] > * > *').first()],
    ],
    ['files-details', (page) => [page.locator('[aria-selected=true]'), page.locator('[aria-selected=false]').first()]],
    ['folders-menu', (page) => [page.locator('[data-highlighted]'), page.getByRole('menuitem').first()]],
  ])('%s: in a high contrast one sees what is chosen, on, or done', async (name, both) => {
    const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
    await page.emulateMedia({ forcedColors: 'active' });
    if (name === 'folders-menu') await page.keyboard.press('End');
    const [one, other] = both(page);
    await one.waitFor();
    expect(await groundOf(one)).not.toBe(await groundOf(other));
  });

  test.each(['folders-syncing', 'files-details', 'issues-allow', 'popup-troubled', 'words'])(
    '%s: in a high contrast nothing that is to be read has the colour of its ground',
    async (name) => {
      const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'dark' });
      await page.emulateMedia({ forcedColors: 'active' });
      // Letters get a ground of the browser's own, but where it is told to leave them alone.
      const unreadable = await page.evaluate(`(() => {
        const canvas = getComputedStyle(document.documentElement).backgroundColor;
        return [...document.querySelectorAll('a, button, [role=gridcell], [role=menuitem], h1, p, li')]
          .map((each) => [each.textContent, getComputedStyle(each)])
          .filter(([, { color, backgroundColor, forcedColorAdjust }]) =>
            color === (forcedColorAdjust === 'none' ? backgroundColor : canvas))
          .map(([text]) => text);
      })()`);
      expect(unreadable).toEqual([]);
    },
  );

  test('folders-menu: in a window that is half as large, no name is broken and every entry of a menu can be seen', async () => {
    const page = await showScene(stage, sceneOf('folders-menu'), { language: 'de', theme: 'light' });
    await page.setViewportSize({ width: 560, height: 380 });
    const name = page.getByRole('article', { name: 'Documents' }).getByText('Documents', { exact: true });
    const lines = (await name.boundingBox())?.height ?? 0;
    expect(lines).toBeLessThan(30);
    for (const entry of await page.getByRole('menuitem').all()) {
      await entry.scrollIntoViewIfNeeded();
      const box = must(await entry.boundingBox());
      expect([box.y >= 0, box.y + box.height <= 380]).toEqual([true, true]);
    }
  });

  test('folders-syncing: where nothing may move, progress of which nothing is known does not look like a part of it', async () => {
    const unknown = () => {
      const status = syncing();
      const still = { ...must(status.pairs[0]).up, filesTotal: 0, bytesTotal: 0 };
      return {
        ...status,
        pairs: status.pairs.map((pair) => ({ ...pair, state: 'scanning' as const, up: still, down: still })),
      };
    };
    const scene: Scene = { name: 'folders-unknown', at: 'folders', answers: () => usual(unknown) };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const bar = page.getByRole('progressbar', { name: 'Progress of Documents' }).locator('[data-indeterminate]');
    await eventually(
      async () => {
        const widths = await bar.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width));
        return new Set(widths).size === 1;
      },
      { what: 'a bar as long as its track' },
    );
  });
});
