import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type RunningDaemon, startDaemon } from '../../../src/app/daemon.ts';
import { must } from '../../../src/common/errors.ts';

export const email = 'ada@example.org';
export const password = 'correct tundra battery staple';

export interface Computer {
  readonly daemon: RunningDaemon;
  readonly folder: string;
}

/** A computer of its own: home, folder, daemon. */
export async function newComputer(root: string, name: string): Promise<Computer> {
  const folder = join(root, name, 'Documents');
  await mkdir(folder, { recursive: true });
  return { daemon: await startDaemon(join(root, name, 'home'), {}), folder };
}

/** What a person does from the first screen to the first sync, on a server of their own. `look` is called at each step. */
export async function setUp(
  page: Page,
  server: string,
  folder: string,
  look: (step: string) => Promise<void>,
): Promise<void> {
  await page.getByText('On a server').click();
  await page.getByLabel('Server address').fill(server);
  await look('place');
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Repeat the password').fill(password);
  await page.getByLabel('Name of this computer').fill('Desk');
  await look('account');
  await page.getByRole('button', { name: 'Create account' }).click();

  const kept = page.getByRole('button', { name: 'I have saved them' });
  await kept.waitFor();
  await look('words');
  const words = (await page.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/^\d+\s*/, ''));
  await kept.click();
  await page.getByRole('heading', { name: 'Three words' }).waitFor();
  for (const label of await page.locator('label').allInnerTexts()) {
    const place = Number(label.replace(/\D+/g, ''));
    await page.getByLabel(label, { exact: true }).fill(must(words[place - 1]));
  }
  await look('check');
  await page.getByRole('button', { name: 'Check' }).click();

  await page.getByLabel('Folder on this computer').fill(folder);
  await look('folder');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'What the first sync will do' }).waitFor();
  await page.getByText('In detail').click();
  await look('preview');
  await page.getByRole('button', { name: 'Start syncing' }).click();
}

/** The second computer, whose person has no mouse: each step is where the focus is. */
export async function signInByKeyboard(page: Page, server: string, folder: string): Promise<void> {
  const { keyboard } = page;
  const tabTo = async (name: string): Promise<void> => {
    for (let tries = 0; tries < 30; tries++) {
      await keyboard.press('Tab');
      if (
        (await page.evaluate(
          'document.activeElement.textContent || document.activeElement.labels?.[0]?.textContent',
        )) === name
      )
        return;
    }
    throw new Error(`The focus did not come to “${name}”.`);
  };
  const isAt = (heading: string) => page.getByRole('heading', { name: heading }).waitFor();
  await isAt('Where should your files be kept?');
  await keyboard.press('Tab');
  await keyboard.press('ArrowDown');
  await tabTo('Server address');
  await keyboard.type(server);
  await keyboard.press('Enter');
  await isAt('Create your account');
  await tabTo('I have an account');
  await keyboard.press('Enter');
  await isAt('Sign in');
  await keyboard.type(email);
  await tabTo('Password');
  await keyboard.type(password);
  await tabTo('Name of this computer');
  await keyboard.press('Control+a');
  await keyboard.type('Laptop');
  await keyboard.press('Enter');
  await isAt('Which folder should be synced?');
  await keyboard.press('Control+a');
  await keyboard.type(folder);
  await keyboard.press('Enter');
  await isAt('What the first sync will do');
  await tabTo('Start syncing');
  await keyboard.press('Enter');
  await isAt('Folders');
}
