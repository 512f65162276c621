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
import { homeStatus, pairStatus } from './made-up/statuses.ts';
import { troubles, usual } from './made-up/usual.ts';
import { type Scene, sizes } from './scenes/scene.ts';
import { scenes } from './scenes/scenes.ts';
import { showScene } from './show-scene.ts';
import { failing, openStage, type Stage } from './stage.ts';

tellSkipped();

const sceneOf = (name: string): Scene => must(scenes.find((each) => each.name === name));

/** What the window makes of what the engine answers: each says what it is to say, and asks for what was chosen. */
describe.skipIf(chromiumPath === null)('of what is answered, the window', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
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
  });

  test('folders-troubled: deletions that wait for the person are not told a second time as changes that wait', async () => {
    const page = await showScene(stage, sceneOf('folders-troubled'), { language: 'en', theme: 'light' });
    const shared = page.getByRole('article', { name: 'Shared projects' });
    await shared.getByText('1,342 deletions wait for you').waitFor();
    expect(await shared.getByText(/changes? waits?/).count()).toBe(0);
    await page.getByRole('article', { name: 'Letters' }).getByText('12 changes waiting').waitFor();
  });

  test('issues-narrow: one sees how many there are', async () => {
    const page = await showScene(stage, sceneOf('issues-narrow'), { language: 'en', theme: 'light' });
    const count = page.locator('nav').getByText('3', { exact: true });
    await count.waitFor({ state: 'visible' });
  });

  test('popup: tells of the latest changes in all folders, the newest first', async () => {
    const page = await showScene(stage, sceneOf('popup'), { language: 'en', theme: 'light' });
    await page.getByText('IMG_0001.jpg').waitFor();
    const [first, second] = await page.getByRole('region', { name: 'Folders' }).getByRole('link').allInnerTexts();
    expect([first, second]).toEqual(['IMG_0001.jpg', 'electricity.pdf']);
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
  });

  test.each(['folders-refused', 'issues-refused', 'popup-refused'])(
    '%s: says why folders do not sync where no issue tells, and what to do',
    async (name) => {
      const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
      await page.getByText('sign out in the settings, then sign in again').first().waitFor();
      expect(await page.getByText(/Nothing needs your attention|Everything else keeps syncing/).count()).toBe(0);
    },
  );

  test.each(['folders', 'popup'] as const)('%s: says why the server is not reached', async (at) => {
    const why = 'The server of this computer does not run: The server cannot listen on this address; it may be in use.';
    const answers = () => usual(() => homeStatus('offline', [pairStatus(0, { state: 'offline', message: why })]));
    const page = await showScene(stage, { name: 'unreached', at, answers }, { language: 'de', theme: 'light' });
    await page.getByText('Der Server auf diesem Computer läuft nicht').waitFor();
    await page.getByText('Arbeiten Sie weiter').waitFor();
  });

  test('says in its middle why Holdfast cannot start, and what to do', async () => {
    const newer = '“config.json” was written by a newer version of Holdfast. Update this one; nothing was changed.';
    const answers = () => ({ ...usual(), status: failing(newer, 'version') });
    const page = await showScene(stage, { name: 'no-start', at: '', answers }, { language: 'de', theme: 'dark' });
    await page.getByRole('alert').getByText('Aktualisieren Sie diese; nichts wurde geändert.').waitFor();
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).waitFor();
    await expectAccessible(page, 'no-start');
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
  });

  test('account-recover: shows all of the words, and leads back to the password', async () => {
    const page = await showScene(stage, sceneOf('account-recover'), { language: 'en', theme: 'light' });
    const words = page.getByLabel('Recovery words');
    await words.fill(Array.from({ length: 24 }, () => 'february').join(' '));
    expect(await words.evaluate((field) => field.scrollHeight <= field.clientHeight)).toBe(true);
    await page.getByRole('button', { name: 'I know the password' }).click();
    await page.getByRole('button', { name: 'Forgot your password?' }).waitFor();
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
  });

  test('folder: what follows are the folders, wherever the window was', async () => {
    const page = await showScene(stage, { ...sceneOf('folder'), at: 'settings' }, { language: 'en', theme: 'light' });
    expect(new URL(page.url()).hash).toBe('#/settings');
    await page.getByRole('button', { name: 'Do this later' }).click();
    await eventually(() => new URL(page.url()).hash === '#/folders');
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
  });

  test.each(['lost', 'welcome-lost', 'popup-lost'])(
    '%s: says nothing of a state that it does not know',
    async (name) => {
      const page = await showScene(stage, sceneOf(name), { language: 'en', theme: 'light' });
      await page.getByText('Holdfast does not answer').first().waitFor();
      const claims = page.getByText(/up to date|sent and received|Looking for|Syncing/i);
      expect(await claims.count()).toBe(0);
      expect(await page.locator('[data-state]:not([data-state=unknown])').count()).toBe(0);
    },
  );
});
