import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { Input, Output } from '../../../src/rpc/contract.ts';
import { failureFrom } from '../../../src/rpc/failure.ts';
import { eventually } from '../../helpers/eventually.ts';
import { expectAccessible } from './accessible.ts';
import { chromiumPath, tellSkipped } from './chromium.ts';
import { pairId } from './made-up/basics.ts';
import { appInfo } from './made-up/computer.ts';
import { entries } from './made-up/files.ts';
import { issues } from './made-up/issues.ts';
import { addedPair, emptyPlan, folderListing, plan, vaults } from './made-up/pairs.ts';
import { homeStatus, pairStatus, syncing } from './made-up/statuses.ts';
import { troubles, usual } from './made-up/usual.ts';
import { notMirrored } from './mirrored.ts';
import { type Scene, sizes } from './scenes/scene.ts';
import { scenes } from './scenes/scenes.ts';
import { type Look, showScene, speak } from './show-scene.ts';
import { failing, openStage, type Stage } from './stage.ts';
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

  test.concurrent.each(scenes.filter(({ size }) => size !== 'narrow'))(
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
      await page.close();
    },
  );

  test.each(walked)('%s: all of it is reached by Tab alone, and one sees where one is', async (name) => {
    const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
    expect(await tabRound(page)).toEqual([]);
    await page.close();
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
    await page.close();
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
    await page.close();
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
      await page.close();
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
    await page.close();
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
    await page.close();
  });

  test('account: why it was refused is seen in a small window, too', async () => {
    const { name, at, answers, act } = sceneOf('account');
    const refused = failing('The password is too short.', 'usage');
    const scene: Scene = {
      name,
      at,
      answers: () => ({ ...answers(), signup: refused }),
      ...(act ? { act } : {}),
      size: 'narrow',
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByLabel('Repeat the password').fill('short');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    const { y, height } = must(await page.getByRole('alert').boundingBox());
    expect(y + height).toBeLessThanOrEqual(sizes.narrow.height);
    await page.close();
  });

  test('folders-troubled: deletions that wait for the person are not told a second time as changes that wait', async () => {
    const page = await showScene(stage, sceneOf('folders-troubled'), { language: 'en', theme: 'light' });
    const shared = page.getByRole('article', { name: 'Shared projects' });
    await shared.getByText('1,342 deletions wait for you').waitFor();
    expect(await shared.getByText(/changes? waits?/).count()).toBe(0);
    await page.getByRole('article', { name: 'Letters' }).getByText('12 changes waiting').waitFor();
    await page.close();
  });

  test('issues-narrow: one sees how many there are', async () => {
    const page = await showScene(stage, sceneOf('issues-narrow'), { language: 'en', theme: 'light' });
    const count = page.locator('nav').getByText('3', { exact: true });
    await count.waitFor({ state: 'visible' });
    await page.close();
  });

  test('popup: tells of the latest changes in all folders, the newest first', async () => {
    const page = await showScene(stage, sceneOf('popup'), { language: 'en', theme: 'light' });
    await page.getByText('IMG_0001.jpg').waitFor();
    const [first, second] = await page.getByRole('region', { name: 'Folders' }).getByRole('link').allInnerTexts();
    expect([first, second]).toEqual(['IMG_0001.jpg', 'electricity.pdf']);
    await page.close();
  });

  test('activity: tells of all folders in one list, each change with its vault, or of the one that was chosen', async () => {
    const page = await showScene(stage, sceneOf('activity'), { language: 'en', theme: 'light' });
    const batches = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Undo' }) });
    await batches.filter({ hasText: 'Photos' }).getByText('IMG_0001.jpg').waitFor();
    expect(await batches.first().textContent()).toContain('Photos');
    await batches.filter({ hasText: 'Documents' }).first().waitFor();
    await page.getByRole('combobox', { name: 'Vault' }).selectOption('Photos');
    await page.getByText('electricity.pdf').waitFor({ state: 'detached' });
    await page.getByText('IMG_0001.jpg').waitFor();
    await page.close();
  });

  test('issues: each that needs a person has a button that helps', async () => {
    const page = await showScene(stage, sceneOf('issues'), { language: 'en', theme: 'light' });
    const sections = page.getByRole('main').getByRole('region');
    await sections.first().waitFor();
    const bare = await sections.evaluateAll((all) =>
      all.filter((each) => each.querySelector('button') === null).map((each) => each.textContent),
    );
    expect(bare).toEqual([]);
    await page.getByRole('region', { name: 'The server is not trusted' }).getByText('Save diagnostics').waitFor();
    await page.close();
  });

  test.each(['folders-refused', 'issues-refused', 'popup-refused'])(
    '%s: says why folders do not sync where no issue tells, and what to do',
    async (name) => {
      const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
      await page.getByText('sign out in the settings, then sign in again').first().waitFor();
      expect(await page.getByText(/Nothing needs your attention|Everything else keeps syncing/).count()).toBe(0);
      await page.close();
    },
  );

  test.each(['folders', 'popup'] as const)('%s: says why the server is not reached', async (at) => {
    const why = 'The server of this computer does not run: The server cannot listen on this address; it may be in use.';
    const answers = () => usual(() => homeStatus('offline', [pairStatus(0, { state: 'offline', message: why })]));
    const page = await showScene(stage, { name: 'unreached', at, answers }, { language: 'de', theme: 'light' });
    await page.getByText('Der Server auf diesem Computer läuft nicht').waitFor();
    await page.getByText('Arbeiten Sie weiter').waitFor();
    await page.close();
  });

  test('says in its middle why Holdfast cannot start, and what to do', async () => {
    const newer = '“config.json” was written by a newer version of Holdfast. Update this one; nothing was changed.';
    const answers = () => ({ ...usual(), status: failing(newer, 'version') });
    const page = await showScene(stage, { name: 'no-start', at: '', answers }, { language: 'de', theme: 'dark' });
    await page.getByRole('alert').getByText('Aktualisieren Sie diese; nichts wurde geändert.').waitFor();
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).waitFor();
    await expectAccessible(page, 'no-start');
    await page.close();
  });

  test('issues: are none where no folder is synced', async () => {
    const scene: Scene = {
      name: 'issues-alone',
      at: 'issues',
      answers: () => ({
        ...usual(() => homeStatus('no-folders', [])),
        issues: failing('No folder is synced on this device yet.', 'usage'),
      }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByText('Nothing needs your attention').waitFor();
    expect(await page.getByText('That did not work').count()).toBe(0);
    await page.close();
  });

  test('account-recover: shows all of the words, and leads back to the password', async () => {
    const page = await showScene(stage, sceneOf('account-recover'), { language: 'en', theme: 'light' });
    const words = page.getByLabel('Recovery words');
    await words.fill(Array.from({ length: 24 }, () => 'february').join(' '));
    expect(await words.evaluate((field) => field.scrollHeight <= field.clientHeight)).toBe(true);
    await page.getByRole('button', { name: 'I know the password' }).click();
    await page.getByRole('button', { name: 'Forgot your password?' }).waitFor();
    await page.close();
  });

  test('popup: says why it cannot tell of the latest changes', async () => {
    const scene: Scene = {
      name: 'popup-untold',
      at: 'popup',
      size: 'popup',
      answers: () => ({ ...usual(), activity: failing('The folder is missing.', 'io') }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByText('The folder is missing.').waitFor();
    await page.close();
  });

  test('issues-held: lists what would go by its place', async () => {
    const page = await showScene(stage, sceneOf('issues-held'), { language: 'en', theme: 'light' });
    const shown = await page.getByRole('dialog').getByRole('listitem').getByText('Sketches').allInnerTexts();
    expect(shown).toHaveLength(200);
    expect(shown.slice(0, 3)).toEqual([
      'Sketches',
      expect.stringMatching(/2010.drawing 16 /),
      expect.stringMatching(/2010.drawing 32 /),
    ]);
    await page.close();
  });

  test.each([
    ['by the dialog of the system', '/mnt/big/Photos', true],
    ['by the own one', '/home/ada', false],
  ])('issues: where a folder was moved to is said %s', async (_, where, canChooseFolder) => {
    const asked: Input<'locate'>[] = [];
    const known = Promise.withResolvers<Output<'app-info'>>();
    const scene: Scene = {
      name: 'issues-located',
      at: 'issues',
      answers: () => ({
        ...troubles(),
        'app-info': () => known.promise,
        'choose-folder': () => ({ folder: where }),
        folders: () => folderListing(),
        locate: (input) => {
          asked.push(input);
          return { ...addedPair(), folder: input.folder };
        },
      }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByRole('button', { name: 'It was moved…' }).click();
    // Whichever it is, that is known only now.
    known.resolve({ ...appInfo, canChooseFolder });
    if (!canChooseFolder) await page.getByRole('dialog').getByRole('button', { name: 'Use this folder' }).click();
    await page.getByText(`Goes on in ${where}.`).waitFor();
    expect(asked).toEqual([{ pair: pairId(1), folder: where }]);
    await page.close();
  });

  test('issues: all of a kind are tried again at once, and how many could not be is told, with a reason', async () => {
    const asked: Input<'resolve-many'>[] = [];
    const blocked = issues().filter(({ kind }) => kind === 'file-blocked');
    const left = [...blocked];
    const scene: Scene = {
      name: 'issues-retry',
      at: 'issues',
      answers: () => ({
        ...usual(),
        issues: () => ({ issues: [...left] }),
        'resolve-many': (input) => {
          asked.push(input);
          const failures =
            asked.length > 1
              ? []
              : left.slice(-1).map(({ pair, id }) => ({ pair, issue: id, failure: failureFrom(null) }));
          left.splice(0, left.length - failures.length);
          return { done: input.issues.length - failures.length, failures };
        },
      }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByRole('button', { name: 'Try again (7)' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: '1 issue could not be dealt with. Holdfast met an unexpected error.' })
      .waitFor();
    expect(asked).toEqual([{ choice: 'retry', issues: blocked.map(({ pair, id }) => ({ pair, issue: id })) }]);
    // It is no good news, and gets no mark of it.
    await page.locator('[role=status] svg.lucide-circle-alert').waitFor();
    // One alone has no button for many.
    await page.getByRole('button', { name: 'Try again (7)' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /^Try again/ }).count()).toBe(1);
    await page.close();
  });

  test('folder: what follows are the folders, wherever the window was', async () => {
    const page = await showScene(stage, { ...sceneOf('folder'), at: 'settings' }, { language: 'en', theme: 'light' });
    expect(new URL(page.url()).hash).toBe('#/settings');
    await page.getByRole('button', { name: 'Do this later' }).click();
    await eventually(() => new URL(page.url()).hash === '#/folders');
    await page.close();
  });

  test.each([
    ['is in use here', pairId(0)],
    ['no folder here has', null],
  ])('folders-add: a new vault is a new one, though one that %s has the name of the folder', async (_, pair) => {
    const asked: Input<'add'>[] = [];
    const { name, at, answers, act } = sceneOf('folders-add');
    const scene: Scene = {
      name,
      at,
      answers: () => ({
        ...answers(),
        vaults: () => ({ vaults: [{ ...must(vaults()[0]), name: 'Holdfast', pair }] }),
        add: (input) => {
          asked.push(input);
          return addedPair();
        },
        plan: () => emptyPlan,
      }),
      ...(act === undefined ? {} : { act }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByLabel('Vault', { exact: true }).selectOption('New vault “Holdfast 2”');
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await eventually(() => asked.length > 0);
    expect(asked).toEqual([{ folder: '/home/ada/Holdfast', vault: 'Holdfast 2', isPaused: true }]);
    await page.close();
  });

  test('preview: whoever goes back finds the folder and the vault that were chosen', async () => {
    const { name, at, answers, act } = sceneOf('preview');
    const free = [...vaults(), { ...must(vaults()[0]), vault: addedPair().vault, name: addedPair().vaultName }];
    const scene: Scene = {
      name,
      at,
      answers: () => ({ ...answers(), vaults: () => ({ vaults: free }), remove: () => ({ pair: addedPair().pair }) }),
      ...(act === undefined ? {} : { act }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByLabel('Folder on this computer').inputValue()).toBe(addedPair().folder);
    expect(await page.getByLabel('Vault').inputValue()).toBe(addedPair().vault);
    await page.close();
  });

  test('preview-choose: what is left out does not come, and the numbers say so', async () => {
    const { name, at, answers, act } = sceneOf('preview-choose');
    const off: string[] = [];
    const asked: Input<'select'>[] = [];
    const scene: Scene = {
      name,
      at,
      answers: () => ({
        ...answers(),
        plan: () => (off.length === 0 ? plan() : emptyPlan),
        deselected: () => ({
          deselected: off.map((path) => ({ node: must(entries()[0]).node, path, kind: 'folder' })),
        }),
        select: (input) => {
          asked.push(input);
          if (!input.isSelected) off.push(input.path);
          return { deselected: [] };
        },
      }),
      ...(act === undefined ? {} : { act }),
    };
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    const { path } = must(entries()[0]);
    const choice = page.getByRole('switch', { name: path, exact: true });
    expect(await choice.getAttribute('aria-checked')).toBe('true');
    await choice.click();
    await page.getByRole('switch', { name: path, exact: true, checked: false }).waitFor();
    expect(asked).toEqual([{ pair: addedPair().pair, path, isSelected: false }]);
    await page.locator('dd').getByText('40', { exact: true }).waitFor({ state: 'detached' });
    await page.close();
  });

  test.each(['lost', 'welcome-lost', 'popup-lost'])(
    '%s: says nothing of a state that it does not know',
    async (name) => {
      const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
      await page.getByText('Holdfast does not answer').first().waitFor();
      const claims = page.getByText(/up to date|sent and received|Looking for|Syncing/i);
      expect(await claims.count()).toBe(0);
      expect(await page.locator('[data-state]:not([data-state=unknown])').count()).toBe(0);
      await page.close();
    },
  );
});
