import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { chromiumPath, tellSkipped } from './chromium.ts';
import { devices, recoveryWords } from './made-up/account.ts';
import { issues } from './made-up/issues.ts';
import { info } from './made-up/pairs.ts';
import { homeStatus, pairStatus } from './made-up/statuses.ts';
import { nobody, usual, withBills } from './made-up/usual.ts';
import { scenes } from './scenes/scenes.ts';
import { showScene } from './show-scene.ts';
import { type Answers, openStage, type Stage } from './stage.ts';

tellSkipped();

/** Where somebody without a mouse is, after what they stood on has gone: never at the top of the page again. */
describe.skipIf(chromiumPath === null)('the focus', () => {
  let stage: Stage;
  const show = (at: string, answers: () => Answers) =>
    showScene(stage, { name: at, at, answers }, { language: 'en', theme: 'light' });
  const press = async (button: Locator): Promise<void> => {
    await button.focus();
    await button.page().keyboard.press('Enter');
  };
  const named = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const expectFocus = (on: Locator): Promise<void> =>
    eventually(async () => (await on.count()) === 1 && on.evaluate((element) => element.matches(':focus')));

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
  });

  test('is on “Resume” once “Pause” became that, and back', async () => {
    let isPaused = false;
    const status = () => homeStatus('up-to-date', [pairStatus(0)]);
    const pairs = () => ({ pairs: status().pairs.map((pair) => ({ ...info(pair), isPaused })) });
    const change = (next: boolean) => () => {
      isPaused = next;
      return pairs();
    };
    const page = await show('folders', () => ({ ...usual(status), pairs, pause: change(true), resume: change(false) }));
    for (const [pause, resume] of [
      ['Pause', 'Resume'],
      ['Pause all', 'Resume all'],
    ] as const) {
      await press(named(page, pause));
      await page.getByRole('menuitem', { name: 'Until I resume' }).press('Enter');
      await expectFocus(named(page, resume));
      await page.keyboard.press('Enter');
      await expectFocus(named(page, pause));
    }
  });

  test('goes on to the next issue when one, or all of a kind, are dealt with; after the last one to the screen', async () => {
    let open = issues().filter(({ kind }) => kind === 'file-blocked' || kind === 'skipped');
    const without = (gone: readonly string[]) => {
      open = open.filter(({ id }) => !gone.includes(id));
    };
    const page = await show('issues', () => ({
      ...usual(),
      issues: () => ({ issues: open.filter(({ isInformational }) => !isInformational) }),
      resolve: ({ issue, choice }) => {
        without([issue]);
        return { issue, choice };
      },
      'resolve-many': ({ issues: of }) => {
        without(of.map(({ issue }) => issue));
        return { done: of.length, failures: [] };
      },
    }));
    await press(
      page.getByRole('listitem').filter({ hasText: 'ledger.ods' }).getByRole('button', { name: 'Try again' }),
    );
    await expectFocus(
      page.getByRole('listitem').filter({ hasText: 'outbox.db' }).getByRole('button', { name: 'Why is it so?' }),
    );
    await press(named(page, 'Try again (6)'));
    await expectFocus(named(page, 'Got it (2)'));
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('main'));
  });

  test('stays on the screen when what opened a dialog has gone by what was said in it', async () => {
    let all = devices();
    const page = await show('devices', () => ({
      ...usual(),
      devices: () => ({ devices: all }),
      'revoke-device': ({ device }) => {
        all = all.map((each) => (each.device === device ? { ...each, isRevoked: true } : each));
        return {};
      },
    }));
    await press(named(page, 'Remove…'));
    await press(named(page, 'Remove device'));
    await expectFocus(page.getByRole('main'));
  });

  test('goes back to where it was from a message that is closed', async () => {
    const page = await show('settings', () => ({
      ...usual(),
      diagnostics: () => ({ fileName: 'report.json', text: '{}' }),
    }));
    await press(named(page, 'Copy diagnostics'));
    await press(named(page, 'Dismiss message'));
    await expectFocus(named(page, 'Copy diagnostics'));
  });

  test('begins at the start of a screen to which a link of another one leads', async () => {
    const page = await show('folders', usual);
    await page.getByRole('link', { name: 'Photos', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Files' }).waitFor();
    await expectFocus(page.getByRole('main'));
  });

  test('is in the list of a folder that was opened by a key, and of the one above', async () => {
    const page = await show('files', withBills);
    const grid = page.getByRole('grid');
    await page.getByRole('row', { name: 'Bills' }).waitFor();
    await press(grid);
    await page.getByRole('row', { name: 'Bills' }).waitFor({ state: 'detached' });
    await expectFocus(grid);
    await page.goBack();
    await page.getByRole('row', { name: 'Bills' }).waitFor();
    await expectFocus(grid);
  });

  test('is in what lies over the list in a small window, until Escape leads back', async () => {
    const scene = { name: 'files', at: 'files', size: 'tiny', answers: usual } as const;
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    await page.getByRole('row', { name: /Bills/ }).waitFor();
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('complementary', { name: 'Details' }));
    await press(named(page, 'Why is it so?'));
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(named(page, 'Why is it so?'));
    await page.keyboard.press('Escape');
    await expectFocus(grid);
  });

  test('is back on what opened a dialog, and nothing else is closed, when Escape came before the dialog had it', async () => {
    const page = await show('files', usual);
    await page.getByRole('row', { name: /budget/ }).click();
    await page.evaluate(`{
      const frame = requestAnimationFrame;
      const held = [];
      window.requestAnimationFrame = (run) => held.push(run);
      addEventListener('keydown', ({ key }) => key === 'Escape' && setTimeout(() => {
        window.requestAnimationFrame = frame;
        held.forEach(frame);
      }));
    }`);
    await press(named(page, 'Why is it so?'));
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expectFocus(named(page, 'Why is it so?'));
  });

  test('is where one types, in each question about an account and in a dialog that asks for something', async () => {
    const page = await show('', nobody);
    await named(page, 'Continue').press('Enter');
    for (const next of ['I have an account', 'Forgot your password?']) {
      await press(named(page, next));
      await expectFocus(page.getByLabel('E-mail address'));
    }
    const settings = await show('settings', usual);
    await press(named(settings, 'Change password…'));
    await expectFocus(settings.getByLabel('Current password'));
    await settings.close();
  });

  test('is on the first word that is wrong', async () => {
    const scene = must(scenes.find(({ name }) => name === 'check-wrong'));
    const page = await showScene(stage, scene, { language: 'en', theme: 'light' });
    const fields = page.getByRole('textbox');
    await expectFocus(fields.first());
    const [label = ''] = await page.locator('label').allInnerTexts();
    await fields.first().fill(must(recoveryWords.split(' ')[Number(label.replace(/\D/g, '')) - 1]));
    await page.keyboard.press('Enter');
    await expectFocus(fields.nth(1));
  });

  test('is left alone where somebody clicked beside everything', async () => {
    let all = devices();
    const page = await show('devices', () => ({ ...usual(), devices: () => ({ devices: all }) }));
    await named(page, 'Remove…').focus();
    await page.mouse.click(100, must(page.viewportSize()).height - 150);
    all = all.filter(({ isThis }) => isThis);
    await page.evaluate(`window.tellTheWindow({ type: 'changed', parts: ['devices'], pair: null })`);
    await named(page, 'Remove…').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  });
});
