import { appInfo } from '../made-up/computer.ts';
import { deselected, verifyReport } from '../made-up/files.ts';
import { folderListing, vaults } from '../made-up/pairs.ts';
import { conflicted, homeStatus, joined, refused, syncing, throughput, unconfirmed } from '../made-up/statuses.ts';
import { troubles, usual } from '../made-up/usual.ts';
import { failing, tell } from '../stage.ts';
import { button, chooseOf, offline, type Scene } from './scene.ts';

/** The home of the window. */
export const folderScenes: readonly Scene[] = [
  { name: 'folders', at: 'folders', answers: usual },
  {
    name: 'folders-syncing',
    at: 'folders',
    answers: () => ({ ...usual(syncing), throughput: () => ({ samples: throughput() }) }),
    act: async (page) => page.locator('figure svg').waitFor(),
  },
  { name: 'folders-troubled', at: 'folders', answers: troubles },
  { name: 'folders-words-unconfirmed', at: 'folders', answers: () => usual(unconfirmed) },
  {
    name: 'folders-words-anew',
    at: 'folders',
    answers: () => usual(unconfirmed),
    act: async (page, t) => {
      await button(page, t.settings.words).click();
      await page.getByRole('dialog').getByText(t.settings.wordsTitle).waitFor();
    },
  },
  {
    name: 'folders-news',
    at: 'folders',
    answers: () => usual(conflicted),
    act: async (page, t) => page.getByText(t.news.conflict).waitFor(),
  },
  {
    name: 'folders-news-narrow',
    at: 'folders',
    size: 'narrow',
    answers: () => usual(joined),
    act: async (page, t) => page.getByRole('link', { name: t.news.look }).waitFor(),
  },
  { name: 'folders-refused', at: 'folders', answers: () => usual(refused) },
  { name: 'folders-empty', at: 'folders', answers: () => usual(() => homeStatus('no-folders', [])) },
  {
    name: 'folders-menu',
    at: 'folders',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.home.actionsOf('Documents')).click();
      // Keys go where the focus is, and it comes to a menu some frames after the click.
      await page.locator('[role=menu]:focus-within').waitFor();
    },
  },
  {
    name: 'folders-pause',
    at: 'folders',
    answers: usual,
    act: async (page, t) => button(page, t.home.pauseAll).click(),
  },
  {
    name: 'folders-failed',
    at: 'folders',
    answers: () => ({ ...usual(), sync: failing(offline) }),
    act: async (page, t) => {
      await chooseOf(page, t, 'Documents', t.home.syncNow);
      await button(page, t.common.dismiss).waitFor();
    },
  },
  {
    name: 'folders-settings',
    at: 'folders',
    answers: () => ({ ...usual(), deselected: () => ({ deselected: deselected() }) }),
    act: async (page, t) => {
      await chooseOf(page, t, 'Documents', t.home.settings);
      await button(page, t.off.bringBack).first().waitFor();
    },
  },
  {
    name: 'folders-remove',
    at: 'folders',
    answers: usual,
    act: async (page, t) => {
      await chooseOf(page, t, 'Documents', t.home.remove);
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'folders-add',
    at: 'folders',
    answers: () => ({ ...usual(), vaults: () => ({ vaults: vaults() }) }),
    act: async (page, t) => {
      await button(page, t.home.add).click();
      await page.getByLabel(t.folder.vault, { exact: true }).waitFor();
    },
  },
  {
    name: 'folders-picker',
    at: 'folders',
    answers: () => ({
      ...usual(),
      'app-info': () => ({ ...appInfo, canChooseFolder: false }),
      folders: () => folderListing(),
    }),
    act: async (page, t) => {
      await button(page, t.home.add).click();
      await button(page, t.folder.browse).click();
      await button(page, 'Music').waitFor();
    },
  },
  {
    name: 'folders-problems',
    at: 'folders',
    answers: () => ({ ...usual(), verify: () => verifyReport() }),
    act: async (page, t) => {
      await chooseOf(page, t, 'Documents', t.home.verify);
      await page.getByRole('dialog').getByText(t.home.problemsText).waitFor();
    },
  },
  { name: 'folders-tiny', at: 'folders', size: 'tiny', answers: () => usual(syncing) },
  { name: 'folders-narrow', at: 'folders', size: 'narrow', answers: () => usual(syncing) },
  {
    name: 'lost',
    at: 'folders',
    answers: usual,
    act: async (page) => {
      await page.getByRole('article').first().waitFor();
      await tell(page, { type: 'stopping' });
    },
  },
];
