import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { Output } from '../../../src/rpc/contract.ts';
import type { Settings } from '../../../src/rpc/home-report.ts';
import { eventually } from '../../helpers/eventually.ts';
import { chromiumPath, tellSkipped } from './chromium.ts';
import { account, recoveryWords } from './made-up/account.ts';
import { appInfo, settings } from './made-up/computer.ts';
import { entries } from './made-up/files.ts';
import { issues } from './made-up/issues.ts';
import { addedPair, folderListing, plan } from './made-up/pairs.ts';
import { homeStatus, pairStatus, settled, signedOut, syncing, troubled } from './made-up/statuses.ts';
import { nobody, usual } from './made-up/usual.ts';
import { scenes } from './scenes/scenes.ts';
import { showScene } from './show-scene.ts';
import { type Answers, failing, openStage, type Stage, tell } from './stage.ts';

tellSkipped();

/** What a person did, chose or typed means what it meant then, whatever happens until it is answered. */
describe.skipIf(chromiumPath === null)('meanwhile, the window', () => {
  let stage: Stage;
  const show = (at: string, answers: () => Answers): Promise<Page> =>
    showScene(stage, { name: at, at, answers }, { language: 'en', theme: 'light' });
  /** Once what was asked so far is answered. */
  const untilAnswered = (page: Page): Promise<unknown> => page.evaluate(`window.holdfast.ask('status', {})`);

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
  });

  test('asks the engine of this computer without a network, and nothing later that was asked long ago', async () => {
    const asked: unknown[] = [];
    const page = await show('folders', () => ({
      ...usual(),
      pause: (input) => {
        asked.push(input);
        return { pairs: [] };
      },
    }));
    await page.evaluate(`dispatchEvent(new Event('offline'))`);
    await page.getByRole('article', { name: 'Documents' }).getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('menuitem', { name: 'For an hour' }).click();
    await eventually(() => asked.length === 1);
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('heading', { name: 'Laptop in the kitchen' }).waitFor();
  });

  test('shows the state that was told last, whatever answer comes after it', async () => {
    let state = settled;
    const asked: unknown[] = [];
    const answered = Promise.withResolvers<null>();
    const page = await show('folders', () => ({
      ...usual(),
      pairs: () => ({ pairs: [] }),
      status: async () => {
        const now = state();
        if (state === syncing) {
          asked.push(now);
          await answered.promise;
        }
        return now;
      },
    }));
    await page.getByRole('heading', { name: 'Up to date' }).waitFor();
    const spoken = (): Promise<string | null> => page.locator('header [role=status]').getAttribute('aria-live');
    expect(await spoken()).toBe('off');
    state = syncing;
    await tell(page, { type: 'changed', parts: ['pairs'], pair: null });
    await eventually(() => asked.length === 1);
    await tell(page, { type: 'status', status: homeStatus('paused', [pairStatus(0, { state: 'paused' })]) });
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    answered.resolve(null);
    state = settled;
    await untilAnswered(page);
    expect(await page.getByRole('heading', { name: 'Paused' }).count()).toBe(1);
    expect(await spoken()).toBe('polite');
  });

  test('asks again for what may have changed while it heard nothing', async () => {
    let devices = must(usual().devices)({});
    const page = await show('devices', () => ({ ...usual(), devices: () => devices }));
    await page.getByRole('heading', { name: 'Laptop in the kitchen' }).waitFor();
    const failure = { kind: 'conflict', reason: 'engine-gone', message: '', hint: null, security: null };
    await tell(page, { type: 'failure', failure });
    await page.getByText('Holdfast does not answer').first().waitFor();
    devices = { devices: [] };
    await tell(page, { type: 'status', status: settled() });
    await page.getByRole('heading', { name: 'Laptop in the kitchen' }).waitFor({ state: 'detached' });
  });

  test('takes what was chosen in one vault for nothing of another that has the same path', async () => {
    const page = await show('files', usual);
    await page.getByRole('row', { name: /budget/ }).click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('button', { name: 'Keep off this computer' }).waitFor();
    await page.getByLabel('Vault').selectOption({ label: 'Photos' });
    await page.getByRole('navigation', { name: 'Where you are' }).getByText('Photos').waitFor();
    await details.waitFor({ state: 'detached' });
  });

  test('shows nothing as deleted that was brought back', async () => {
    const [first] = entries();
    const page = await show('files', () => ({
      ...usual(),
      browse: () => ({ entries: [{ ...must(first), name: 'plan.md', kind: 'file', isDeleted: true }], total: 1 }),
      restore: () => ({ batch: '99' }),
    }));
    await page.getByRole('row', { name: /plan\.md/ }).click();
    await page.getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('status').filter({ hasText: 'Restored;' }).waitFor();
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
  });

  test('leaves nothing behind of a folder that was given up while it was added', async () => {
    const asked: string[] = [];
    const { promise, resolve } = Promise.withResolvers<Output<'add'>>();
    const page = await show('folders', () => ({
      ...usual(),
      plan,
      add: () => {
        asked.push('add');
        return promise;
      },
      remove: ({ pair }) => {
        asked.push(`remove ${pair}`);
        return { pair: addedPair().pair };
      },
    }));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('button', { name: 'Show what would happen' }).click();
    await eventually(() => asked.length === 1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    resolve(addedPair());
    await eventually(() => asked.length === 2);
    expect(asked).toEqual(['add', `remove ${addedPair().pair}`]);
  });

  test('sends a limit once, as it was typed, and none that was not', async () => {
    const sent: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<Settings>();
    const page = await show('settings', () => ({
      ...usual(),
      'settings-set': (change) => {
        sent.push(change);
        return promise;
      },
    }));
    const rate = page.getByLabel('KiB per second').first();
    await rate.fill('500');
    await rate.press('Enter');
    // The engine has not answered yet, so the field shows what holds until then.
    await rate.press('Tab');
    await rate.focus();
    await rate.press('Tab');
    await untilAnswered(page);
    expect(sent).toEqual([{ upBytesPerSecond: 500 * 1024 }]);
    resolve(settings);
  });

  test('keeps what is typed while what was typed before is saved', async () => {
    let text = '*.tmp';
    const { promise, resolve } = Promise.withResolvers<null>();
    const page = await show('settings', () => ({
      ...usual(),
      'ignore-get': () => ({ text }),
      'ignore-set': async (input) => {
        await promise;
        text = input.text;
        return { text };
      },
    }));
    const rules = page.getByRole('textbox', { name: 'Rules' });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await rules.fill('*.bak');
    await save.click();
    await rules.press('End');
    await rules.pressSequentially('\n*.old');
    resolve(null);
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    expect(await rules.inputValue()).toBe('*.bak\n*.old');
    await save.click();
    await eventually(() => text === '*.bak\n*.old');
    // From then on it is what is there, whoever changes it: there is nothing to save. A button at work is no such one.
    await save.and(page.locator(':disabled')).waitFor();
    text = '*.iso';
    await tell(page, { type: 'changed', parts: ['settings'], pair: null });
    await eventually(async () => (await rules.inputValue()) === '*.iso');
  });

  test('stays where it is when a folder cannot be listed, with the way on and up', async () => {
    const page = await show('folders', () => ({
      ...usual(),
      'app-info': () => ({ ...appInfo, canChooseFolder: false }),
      folders: ({ folder }) =>
        folder === '/home/ada/Music'
          ? failing('The folder /home/ada/Music cannot be listed: permission denied.', 'io')()
          : { ...folderListing(), folder: folder ?? '/home/ada' },
    }));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('button', { name: 'Browse…' }).click();
    const picker = page.getByRole('dialog', { name: 'Choose a folder' });
    await picker.getByRole('button', { name: 'Music' }).click();
    await picker.getByText('cannot be listed').waitFor();
    await picker.getByText('/home/ada', { exact: true }).waitFor();
    await picker.getByRole('button', { name: 'Up one folder' }).click();
    await picker.getByText('/home', { exact: true }).waitFor();
    await picker.getByText('cannot be listed').waitFor({ state: 'detached' });
  });

  test('is not left while an account is made, whose recovery words come with the answer', async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    const page = await show('folders', () => ({
      ...nobody(),
      signup: async () => {
        await promise;
        return { ...account, recovery: recoveryWords };
      },
    }));
    // Who answers its questions goes with it.
    onTestFinished(() => page.close());
    const questions: string[] = [];
    page.on('dialog', (dialog) => {
      questions.push(dialog.type());
      void dialog.dismiss();
    });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill('correct tundra battery');
    await page.getByLabel('Repeat the password').fill('correct tundra battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Creating keys…').waitFor();
    await page.close({ runBeforeUnload: true });
    await eventually(() => questions.length === 1);
    resolve(null);
    await page.getByRole('heading', { name: 'Your recovery words' }).waitFor();
    expect(questions).toEqual(['beforeunload']);
  });

  test('goes on where somebody is signed in by another window, also after it could not do so itself', async () => {
    let isSignedIn = false;
    const page = await show('', () => ({
      ...usual(() => (isSignedIn ? settled() : signedOut())),
      login: failing('The e-mail address or the password is wrong.', 'refused'),
    }));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'I have an account' }).click();
    await page.getByLabel('E-mail address').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill('correct tundra');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    isSignedIn = true;
    await tell(page, { type: 'status', status: settled() });
    await page.getByRole('heading', { level: 1, name: 'Folders' }).waitFor();
  });

  test('has a way back from the first look at a folder that another window has removed', async () => {
    const scene = must(scenes.find(({ name }) => name === 'preview'));
    const answers = () => ({ ...scene.answers(), remove: failing('No folder pair is “1”.', 'usage') });
    const page = await showScene(stage, { ...scene, answers }, { language: 'en', theme: 'light' });
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('heading', { name: 'Which folder should be synced?' }).waitFor();
  });

  test('is led nowhere else while it shows new recovery words, and goes there afterwards', async () => {
    const page = await show('settings', usual);
    await page.getByRole('button', { name: 'New recovery words…' }).click();
    await page.getByLabel('Password', { exact: true }).fill('correct tundra battery');
    await page.getByRole('button', { name: 'Make new words' }).click();
    const words = page.getByRole('dialog', { name: 'Your recovery words' });
    await words.waitFor();
    // As a click on a message of the desktop does.
    await page.evaluate(`void (location.hash = '#/issues')`);
    await untilAnswered(page);
    await page.evaluate('new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))');
    expect(await words.count()).toBe(1);
    await words.getByRole('button', { name: 'I have saved them' }).click();
    await page.getByRole('heading', { level: 1, name: 'Issues' }).waitFor();
  });

  test('lets nobody allow more deletions than they were asked about', async () => {
    let more = 0;
    const asked: unknown[] = [];
    const page = await show('issues', () => ({
      ...usual(troubled),
      issues: () => ({
        issues: issues()
          .filter(({ kind }) => kind === 'held-deletes')
          .map((issue) => ({ ...issue, message: issue.message.replace('1342', String(1342 + more)) })),
      }),
      resolve: (input) => {
        asked.push(input);
        return { issue: input.issue, choice: input.choice };
      },
    }));
    const dialog = page.getByRole('dialog', { name: 'Allow these deletions?' });
    const allow = page.getByRole('button', { name: 'Allow deletion' });
    await allow.click();
    await dialog.getByText('1,342 files and folders were deleted').waitFor();
    more = 9000;
    await tell(page, { type: 'changed', parts: ['issues'], pair: null });
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('status').filter({ hasText: 'What is waiting for you has changed' }).waitFor();
    expect(asked).toEqual([]);
    await allow.click();
    await dialog.getByText('10,342 files and folders were deleted').waitFor();
    await dialog.getByRole('button', { name: 'Allow deletion' }).click();
    await eventually(() => asked.length === 1);
    // Also by who decides: more may have come on the way there.
    expect(asked).toMatchObject([{ choice: 'allow', seen: expect.stringContaining('10342 files') }]);
  });
});
