import type { Page } from 'playwright-core';
import type { Messages } from '../../../../renderer/i18n/en.ts';
import { recoveryWords } from '../made-up/account.ts';
import { addedPair, emptyPlan, plan } from '../made-up/pairs.ts';
import { nobody } from '../made-up/usual.ts';
import { failing, tell } from '../stage.ts';
import { button, offline, type Scene } from './scene.ts';

const toAccount = async (page: Page, t: Messages): Promise<void> => {
  await button(page, t.common.next).click();
  await page.getByLabel(t.welcome.email).waitFor();
};
const toWords = async (page: Page, t: Messages): Promise<void> => {
  await toAccount(page, t);
  await page.getByLabel(t.welcome.email).fill('ada@example.org');
  await page.getByLabel(t.welcome.password, { exact: true }).fill('correct tundra battery staple');
  await page.getByLabel(t.welcome.repeat).fill('correct tundra battery staple');
  await button(page, t.welcome.create).click();
  await button(page, t.words.next).waitFor();
};
const toCheck = async (page: Page, t: Messages): Promise<void> => {
  await toWords(page, t);
  await button(page, t.words.next).click();
  await page.getByRole('heading', { name: t.words.checkTitle }).waitFor();
};

const words = recoveryWords.split(' ');
const toFolder = async (page: Page, t: Messages): Promise<void> => {
  await toCheck(page, t);
  for (const label of await page.locator('label').allInnerTexts()) {
    await page.getByLabel(label, { exact: true }).fill(words[Number(label.replace(/\D+/g, '')) - 1] ?? '');
  }
  await button(page, t.words.check).click();
  await page.getByLabel(t.folder.path).waitFor();
};

/** From the first step to the first sync. */
export const onboardingScenes: readonly Scene[] = [
  { name: 'welcome', at: '', answers: nobody },
  {
    name: 'welcome-server',
    at: '',
    answers: () => ({ ...nobody(), 'check-server': failing(offline) }),
    act: async (page, t) => {
      await page.getByText(t.welcome.server, { exact: true }).click();
      await page.getByLabel(t.welcome.address).fill('https://sync.example.org');
      await button(page, t.common.next).click();
      await page.getByRole('alert').filter({ hasText: t.welcome.unreachable }).waitFor();
    },
  },
  {
    name: 'welcome-lost',
    at: '',
    answers: nobody,
    act: async (page) => {
      await page.getByRole('radio').first().waitFor();
      await tell(page, { type: 'stopping' });
    },
  },
  { name: 'account', at: '', answers: nobody, act: toAccount },
  {
    name: 'account-sign-in-refused',
    at: '',
    answers: () => ({ ...nobody(), login: failing('The e-mail address or the password is wrong.', 'refused') }),
    act: async (page, t) => {
      await toAccount(page, t);
      await button(page, t.welcome.have).click();
      await page.getByLabel(t.welcome.email).fill('ada@example.org');
      await page.getByLabel(t.welcome.password, { exact: true }).fill('wrong');
      await button(page, t.welcome.signIn).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'account-recover',
    at: '',
    answers: nobody,
    act: async (page, t) => {
      await toAccount(page, t);
      await button(page, t.welcome.have).click();
      await button(page, t.welcome.forgot).click();
      await page.getByLabel(t.welcome.words).waitFor();
    },
  },
  { name: 'words', at: '', answers: nobody, act: toWords },
  {
    name: 'check-wrong',
    at: '',
    answers: nobody,
    act: async (page, t) => {
      await toCheck(page, t);
      await button(page, t.words.check).click();
    },
  },
  { name: 'folder', at: '', answers: nobody, act: toFolder },
  {
    name: 'preview-nothing',
    at: '',
    answers: () => ({ ...nobody(), add: () => addedPair(), plan: () => emptyPlan }),
    act: async (page, t) => {
      await toFolder(page, t);
      await button(page, t.common.next).click();
      await page.getByText(t.preview.nothing).waitFor();
    },
  },
  {
    name: 'preview',
    at: '',
    answers: () => ({ ...nobody(), add: () => addedPair(), plan: () => plan() }),
    act: async (page, t) => {
      await toFolder(page, t);
      await button(page, t.common.next).click();
      await page.getByText(t.preview.details).click();
    },
  },
  {
    name: 'preview-choose',
    at: '',
    answers: () => ({ ...nobody(), add: () => addedPair(), plan: () => plan() }),
    act: async (page, t) => {
      await toFolder(page, t);
      await button(page, t.common.next).click();
      await page.getByText(t.preview.choose).click();
    },
  },
];
