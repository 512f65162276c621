import { deselected, inFolders, trash, why, withDeleted } from '../made-up/files.ts';
import { usual } from '../made-up/usual.ts';
import { failing } from '../stage.ts';
import { button, offline, type Scene } from './scene.ts';

/** The files of a vault, and what stands beside them and above. */
export const fileScenes: readonly Scene[] = [
  { name: 'files', at: 'files', answers: usual },
  { name: 'files-narrow', at: 'files', size: 'narrow', answers: usual },
  {
    name: 'files-details',
    at: 'files',
    answers: usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await page.getByText(t.files.current).waitFor();
    },
  },
  {
    name: 'files-off',
    at: 'files',
    answers: () => ({ ...usual(), deselected: () => ({ deselected: deselected() }) }),
    act: async (page, t) => {
      await page.getByRole('row', { name: /scan-0001/ }).click();
      await button(page, t.off.bringBack).waitFor();
    },
  },
  {
    name: 'files-conflict',
    at: 'files',
    answers: usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /conflict from/ }).click();
      await page.getByText(t.files.current).waitFor();
    },
  },
  {
    name: 'files-restore',
    at: 'files',
    answers: usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await button(page, t.files.restore).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'files-why',
    at: 'files',
    answers: () => ({ ...usual(), why: () => why() }),
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await button(page, t.files.why).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'files-deleted',
    at: 'files',
    answers: () => ({ ...usual(), browse: () => ({ entries: withDeleted(), total: withDeleted().length }) }),
    act: async (page, t) => {
      await page.getByRole('checkbox', { name: t.files.deleted }).check();
      await page.getByRole('row', { name: /old draft/ }).click();
      await button(page, t.files.bringBack).waitFor();
    },
  },
  {
    name: 'files-found',
    at: 'files',
    answers: () => ({ ...usual(), browse: () => ({ entries: inFolders(), total: inFolders().length }) }),
    act: async (page) => {
      await page.getByRole('searchbox').fill('o');
      await page
        .getByText(/Taxes 2025/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'files-not-found',
    at: 'files',
    answers: usual,
    act: async (page, t) => {
      await page.getByRole('searchbox').fill('zebra');
      await page.getByText(t.files.notFound).waitFor();
    },
  },
  { name: 'files-empty', at: 'files', answers: () => ({ ...usual(), browse: () => ({ entries: [], total: 0 }) }) },
  { name: 'files-loading', at: 'files', answers: () => ({ ...usual(), browse: undefined as never }) },
  { name: 'files-failed', at: 'files', answers: () => ({ ...usual(), browse: failing(offline) }) },
  {
    name: 'files-trash',
    at: 'files',
    answers: () => ({ ...usual(), trash: () => ({ trash: trash() }) }),
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await button(page, t.files.bringBack).first().waitFor();
    },
  },
  {
    name: 'files-trash-here',
    at: 'files',
    answers: () => ({ ...usual(), trash: () => ({ trash: trash() }) }),
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await page.getByRole('tab', { name: t.trash.tab.local }).click();
      await page.getByText(t.trash.text.local).waitFor();
    },
  },
  {
    name: 'files-trash-empty',
    at: 'files',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await page.getByText(t.trash.emptyText.vault).waitFor();
    },
  },
];
