import { HoldfastError } from '../../../../src/common/errors.ts';
import { devices } from '../made-up/account.ts';
import { longActivity } from '../made-up/activity.ts';
import { appInfo, doctor, settings } from '../made-up/computer.ts';
import { vaultGone } from '../made-up/issues.ts';
import { folderListing, vaults } from '../made-up/pairs.ts';
import { bereft, keptHere, long, refused, settled, unconfirmed } from '../made-up/statuses.ts';
import { troubles, usual } from '../made-up/usual.ts';
import { failing } from '../stage.ts';
import { button, offline, type Scene } from './scene.ts';

/** A screen of which only the state is known: everything else takes its time. */
const onTheWay = (at: string): Scene => ({
  name: `${at}-loading`,
  at,
  answers: () => ({ status: settled, 'settings-get': () => settings }),
});

/** Vaults that a folder here has, and others. */
const withVaults = () => {
  const here = settled().pairs.map(({ pair, vault, vaultName: name }) => ({ pair, vault, name, bytes: 734_003_200 }));
  return { ...usual(), vaults: () => ({ vaults: [...here, ...vaults()] }) };
};

const withGone = () => ({ ...usual(bereft), issues: () => ({ issues: [vaultGone()] }) });

/** Activity, issues, devices and settings. */
export const otherScenes: readonly Scene[] = [
  { name: 'activity', at: 'activity', answers: usual },
  ...['activity', 'issues', 'devices', 'settings'].map(onTheWay),
  {
    name: 'activity-long',
    at: 'activity',
    answers: () => ({ ...usual(long), activity: () => ({ activity: longActivity(), next: null }) }),
    act: async (page, t) => button(page, t.activity.undo).first().waitFor(),
  },
  { name: 'activity-narrow', at: 'activity', size: 'narrow', answers: usual },
  {
    name: 'activity-empty',
    at: 'activity',
    answers: () => ({ ...usual(), activity: () => ({ activity: [], next: null }) }),
  },
  {
    name: 'activity-undo',
    at: 'activity',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.activity.undo).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'issues', at: 'issues', answers: troubles },
  { name: 'issues-narrow', at: 'issues', size: 'narrow', answers: troubles },
  { name: 'issues-none', at: 'issues', answers: usual },
  { name: 'issues-refused', at: 'issues', answers: () => usual(refused) },
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
  {
    name: 'issues-moved',
    at: 'issues',
    answers: () => ({
      ...troubles(),
      'app-info': () => ({ ...appInfo, canChooseFolder: false }),
      folders: () => folderListing(),
    }),
    act: async (page, t) => {
      await button(page, t.issues.locate).click();
      await button(page, 'Music').waitFor();
    },
  },
  { name: 'issues-vault-gone', at: 'issues', answers: withGone },
  { name: 'folders-vault-gone', at: 'folders', answers: withGone },
  { name: 'devices', at: 'devices', answers: usual },
  {
    name: 'devices-old',
    at: 'devices',
    answers: () => ({ ...usual(), devices: () => ({ devices: devices(), isOld: true }) }),
    act: async (page, t) => page.getByText(t.devices.old).waitFor(),
  },
  {
    name: 'devices-only-this',
    at: 'devices',
    answers: () => usual(keptHere),
    act: async (page, t) => page.getByText(t.devices.addNot).waitFor(),
  },
  {
    name: 'devices-remove',
    at: 'devices',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.devices.revoke).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'settings', at: 'settings', answers: usual },
  {
    name: 'settings-checked',
    at: 'settings',
    answers: () => ({ ...usual(), doctor: () => doctor() }),
    act: async (page, t) => {
      await button(page, t.settings.doctor).click();
      await page.getByText(/9[.,]?120/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-password',
    at: 'settings',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.settings.password).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t.settings.presentPassword).fill('quiet lamp orbits seven pines');
      await dialog.getByLabel(t.welcome.newPassword).fill('another lamp for another night');
      await dialog.getByLabel(t.welcome.repeat).fill('another lamp');
    },
  },
  {
    name: 'settings-server',
    at: 'settings',
    answers: () => ({ ...usual(), 'change-server': failing(offline) }),
    act: async (page, t) => {
      await button(page, t.settings.changeServer).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t.welcome.address).fill('https://cellar.example.org');
      await button(page, t.settings.serverDo).click();
      await page.getByText(t.problems.title).waitFor();
    },
  },
  {
    name: 'settings-words',
    at: 'settings',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.settings.words).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t.welcome.password, { exact: true }).fill('quiet lamp orbits seven pines');
      await button(page, t.settings.wordsDo).click();
      await page.getByRole('list', { name: t.words.list }).waitFor();
    },
  },
  {
    name: 'settings-words-unconfirmed',
    at: 'settings',
    answers: () => usual(unconfirmed),
    act: async (page, t) => page.getByText(t.words.unconfirmed).scrollIntoViewIfNeeded(),
  },
  {
    name: 'settings-delete-account',
    at: 'settings',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.settings.deleteAccount).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t.settings.deleteEmail).fill('ada@example.org');
      await dialog.getByLabel(t.welcome.password, { exact: true }).fill('quiet lamp orbits seven pines');
    },
  },
  {
    name: 'settings-vaults',
    at: 'settings',
    answers: withVaults,
    act: async (page, t) => {
      await page.getByRole('heading', { name: t.settings.vaults, exact: true }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-delete-vault',
    at: 'settings',
    answers: withVaults,
    act: async (page, t) => {
      await button(page, t.settings.deleteVault).last().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t.settings.deleteVaultName).fill('Music');
      await dialog.getByLabel(t.welcome.password, { exact: true }).fill('quiet lamp orbits seven pines');
    },
  },
  {
    name: 'settings-sign-out-locked',
    at: 'settings',
    answers: () => ({
      ...usual(),
      logout: () => {
        throw new HoldfastError('refused', 'The keys are locked.', { reason: 'keychain-closed' });
      },
    }),
    act: async (page, t) => {
      await button(page, t.settings.signOut).click();
      await button(page, t.settings.signOutDo).click();
      await page.getByText(t.settings.signOutLocked).waitFor();
    },
  },
  {
    name: 'settings-sign-out',
    at: 'settings',
    answers: usual,
    act: async (page, t) => {
      await button(page, t.settings.signOut).click();
      await page.getByRole('dialog').waitFor();
    },
  },
];
