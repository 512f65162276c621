import type { Page } from 'playwright-core';
import type { Messages } from '../../../../renderer/i18n/en.ts';
import type { Answers } from '../stage.ts';

export const sizes = {
  large: { width: 1120, height: 760 },
  narrow: { width: 720, height: 560 },
  /** As a phone is, by the loopback page. */
  tiny: { width: 360, height: 700 },
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

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Chooses from the menu of a folder, until the menu has left the page: on its way out it traps nothing, and still holds the keys. */
export async function chooseOf(page: Page, t: Messages, folder: string, entry: string): Promise<void> {
  await button(page, t.home.actionsOf(folder)).click();
  await page.getByRole('menuitem', { name: entry }).click();
  await page.locator('[role=menu]').waitFor({ state: 'detached' });
}

/** What the engine says while its server is away. */
export const offline = 'The server https://sync.example.org cannot be reached.';
