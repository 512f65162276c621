import type { Page } from 'playwright-core';
import type { Messages } from '../../../renderer/i18n/en.ts';
import * as made from './made-up.ts';
import { type Answers, failing, tell } from './stage.ts';

export const sizes = {
  large: { width: 1120, height: 760 },
  narrow: { width: 720, height: 560 },
  /** As the tray's popup is. */
  popup: { width: 380, height: 520 },
} as const;

export interface Scene {
  readonly name: string;
  readonly at: string;
  readonly size?: keyof typeof sizes;
  readonly answers: () => Answers;
  /** What a person does until it is to be seen; in words of the window's language. */
  readonly act?: (page: Page, t: Messages) => Promise<void>;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const troubles = (): Answers => ({ ...made.usual(made.troubled), issues: () => ({ issues: made.issues() }) });
const offline = 'The server https://sync.example.org cannot be reached.';
const nobody = (): Answers => ({ ...made.usual(made.signedOut) });

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
/** A screen of which only the state is known: everything else takes its time. */
const onTheWay = (at: string): Scene => ({
  name: `${at}-loading`,
  at,
  answers: () => ({ status: made.settled, 'settings-get': () => made.settings }),
});
const words = made.recoveryWords.split(' ');
const toFolder = async (page: Page, t: Messages): Promise<void> => {
  await toCheck(page, t);
  for (const label of await page.locator('label').allInnerTexts()) {
    await page.getByLabel(label, { exact: true }).fill(words[Number(label.replace(/\D+/g, '')) - 1] ?? '');
  }
  await button(page, t.words.check).click();
  await page.getByLabel(t.folder.path).waitFor();
};

/** Every screen, step and dialog, as it may look. */
export const scenes: readonly Scene[] = [
  { name: 'welcome', at: '', answers: nobody },
  {
    name: 'welcome-server',
    at: '',
    answers: () => ({ ...nobody(), 'check-server': failing(offline) }),
    act: async (page, t) => {
      await page.getByText(t.welcome.server, { exact: true }).click();
      await page.getByLabel(t.welcome.address).fill('https://sync.example.org');
      await button(page, t.common.next).click();
      await page.getByRole('alert').waitFor();
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
    name: 'preview',
    at: '',
    answers: () => ({ ...nobody(), add: () => made.addedPair(), plan: () => made.plan() }),
    act: async (page, t) => {
      await toFolder(page, t);
      await button(page, t.common.next).click();
      await page.getByText(t.preview.details).click();
    },
  },
  { name: 'folders', at: 'folders', answers: made.usual },
  {
    name: 'folders-syncing',
    at: 'folders',
    answers: () => ({ ...made.usual(made.syncing), throughput: () => ({ samples: made.throughput() }) }),
    act: async (page) => page.locator('figure svg').waitFor(),
  },
  { name: 'folders-troubled', at: 'folders', answers: troubles },
  { name: 'folders-empty', at: 'folders', answers: () => made.usual(() => made.homeStatus('no-folders', [])) },
  {
    name: 'folders-menu',
    at: 'folders',
    answers: made.usual,
    act: async (page, t) => button(page, t.home.actionsOf('Documents')).click(),
  },
  {
    name: 'folders-settings',
    at: 'folders',
    answers: () => ({ ...made.usual(), deselected: () => ({ deselected: made.deselected() }) }),
    act: async (page, t) => {
      await button(page, t.home.actionsOf('Documents')).click();
      await page.getByRole('menuitem', { name: t.home.settings }).click();
      await button(page, t.off.bringBack).first().waitFor();
    },
  },
  {
    name: 'folders-remove',
    at: 'folders',
    answers: made.usual,
    act: async (page, t) => {
      await button(page, t.home.actionsOf('Documents')).click();
      await page.getByRole('menuitem', { name: t.home.remove }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'folders-add',
    at: 'folders',
    answers: () => ({ ...made.usual(), vaults: () => ({ vaults: made.vaults() }) }),
    act: async (page, t) => {
      await button(page, t.home.add).click();
      await page.getByLabel(t.folder.vault, { exact: true }).waitFor();
    },
  },
  {
    name: 'folders-picker',
    at: 'folders',
    answers: () => ({
      ...made.usual(),
      'app-info': () => ({ ...made.appInfo, canChooseFolder: false }),
      folders: () => made.folderListing(),
    }),
    act: async (page, t) => {
      await button(page, t.home.add).click();
      await button(page, t.folder.browse).click();
      await button(page, 'Music').waitFor();
    },
  },
  { name: 'folders-narrow', at: 'folders', size: 'narrow', answers: () => made.usual(made.syncing) },
  {
    name: 'lost',
    at: 'folders',
    answers: made.usual,
    act: async (page) => {
      await page.getByRole('article').first().waitFor();
      await tell(page, { type: 'stopping' });
    },
  },
  { name: 'files', at: 'files', answers: made.usual },
  { name: 'files-narrow', at: 'files', size: 'narrow', answers: made.usual },
  {
    name: 'files-details',
    at: 'files',
    answers: made.usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await page.getByText(t.files.current).waitFor();
    },
  },
  {
    name: 'files-off',
    at: 'files',
    answers: () => ({ ...made.usual(), deselected: () => ({ deselected: made.deselected() }) }),
    act: async (page, t) => {
      await page.getByRole('row', { name: /scan-0001/ }).click();
      await button(page, t.off.bringBack).waitFor();
    },
  },
  {
    name: 'files-conflict',
    at: 'files',
    answers: made.usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /conflict from/ }).click();
      await page.getByText(t.files.current).waitFor();
    },
  },
  {
    name: 'files-restore',
    at: 'files',
    answers: made.usual,
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await button(page, t.files.restore).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'files-why',
    at: 'files',
    answers: () => ({ ...made.usual(), why: () => made.why() }),
    act: async (page, t) => {
      await page.getByRole('row', { name: /budget/ }).click();
      await button(page, t.files.why).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'files-not-found',
    at: 'files',
    answers: made.usual,
    act: async (page, t) => {
      await page.getByRole('searchbox').fill('zebra');
      await page.getByText(t.files.notFound).waitFor();
    },
  },
  { name: 'files-empty', at: 'files', answers: () => ({ ...made.usual(), browse: () => ({ entries: [], total: 0 }) }) },
  { name: 'files-loading', at: 'files', answers: () => ({ ...made.usual(), browse: undefined as never }) },
  { name: 'files-failed', at: 'files', answers: () => ({ ...made.usual(), browse: failing(offline) }) },
  {
    name: 'files-trash',
    at: 'files',
    answers: () => ({ ...made.usual(), trash: () => ({ trash: made.trash() }) }),
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await button(page, t.files.bringBack).first().waitFor();
    },
  },
  {
    name: 'files-trash-here',
    at: 'files',
    answers: () => ({ ...made.usual(), trash: () => ({ trash: made.trash() }) }),
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await page.getByRole('tab', { name: t.trash.tab.local }).click();
      await page.getByText(t.trash.text.local).waitFor();
    },
  },
  {
    name: 'files-trash-empty',
    at: 'files',
    answers: made.usual,
    act: async (page, t) => {
      await button(page, t.files.trash).click();
      await page.getByText(t.trash.emptyText.vault).waitFor();
    },
  },
  { name: 'activity', at: 'activity', answers: made.usual },
  ...['activity', 'issues', 'devices', 'settings'].map(onTheWay),
  { name: 'activity-narrow', at: 'activity', size: 'narrow', answers: made.usual },
  {
    name: 'activity-empty',
    at: 'activity',
    answers: () => ({ ...made.usual(), activity: () => ({ activity: [], next: null }) }),
  },
  {
    name: 'activity-undo',
    at: 'activity',
    answers: made.usual,
    act: async (page, t) => {
      await button(page, t.activity.undo).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'issues', at: 'issues', answers: troubles },
  { name: 'issues-narrow', at: 'issues', size: 'narrow', answers: troubles },
  { name: 'issues-none', at: 'issues', answers: made.usual },
  {
    name: 'issues-held',
    at: 'issues',
    answers: troubles,
    act: async (page, t) => {
      await button(page, t.issues.list).click();
      await page.getByText(/drawing 3 /).waitFor();
    },
  },
  {
    name: 'issues-allow',
    at: 'issues',
    answers: troubles,
    act: async (page, t) => {
      await button(page, t.issues.choice.allow).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'devices', at: 'devices', answers: made.usual },
  {
    name: 'devices-only-this',
    at: 'devices',
    answers: () => made.usual(made.keptHere),
    act: async (page, t) => page.getByText(t.devices.addNot).waitFor(),
  },
  {
    name: 'devices-remove',
    at: 'devices',
    answers: made.usual,
    act: async (page, t) => {
      await button(page, t.devices.revoke).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'settings', at: 'settings', answers: made.usual },
  {
    name: 'settings-checked',
    at: 'settings',
    answers: () => ({ ...made.usual(), doctor: () => made.doctor() }),
    act: async (page, t) => {
      await button(page, t.settings.doctor).click();
      await page.getByText(/9[.,]?120/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-sign-out',
    at: 'settings',
    answers: made.usual,
    act: async (page, t) => {
      await button(page, t.settings.signOut).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'popup',
    at: 'popup',
    size: 'popup',
    answers: made.usual,
    act: async (page) => page.getByText('electricity.pdf').waitFor(),
  },
  { name: 'popup-troubled', at: 'popup', size: 'popup', answers: () => made.usual(made.troubled) },
  { name: 'popup-syncing', at: 'popup', size: 'popup', answers: () => made.usual(made.syncing) },
  {
    name: 'popup-lost',
    at: 'popup',
    size: 'popup',
    answers: () => made.usual(made.syncing),
    act: async (page) => {
      await page.getByRole('listitem').first().waitFor();
      await tell(page, { type: 'stopping' });
    },
  },
  { name: 'popup-signed-out', at: 'popup', size: 'popup', answers: nobody },
];
