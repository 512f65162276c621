import type { Page } from 'playwright-core';
import { must } from '../../../src/common/errors.ts';

/** What a person does in the first minutes who keeps the server on this computer. */
export async function setUpHere(page: Page, folder: string): Promise<void> {
  await page.getByText('On this computer', { exact: true }).click();
  await page.getByRole('button', { name: 'Continue' }).click();

  await page.getByLabel('E-mail address').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill('correct tundra battery staple');
  await page.getByLabel('Repeat the password').fill('correct tundra battery staple');
  await page.getByRole('button', { name: 'Create account' }).click();

  const kept = page.getByRole('button', { name: 'I have saved them' });
  await kept.waitFor();
  const words = (await page.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/^\d+\s*/, ''));
  await kept.click();
  await page.getByRole('heading', { name: 'Three words' }).waitFor();
  for (const label of await page.locator('label').allInnerTexts()) {
    const place = Number(label.replace(/\D+/g, ''));
    await page.getByLabel(label, { exact: true }).fill(must(words[place - 1], `word ${place}`));
  }
  await page.getByRole('button', { name: 'Check' }).click();

  await page.getByLabel('Folder on this computer').fill(folder);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'What the first sync will do' }).waitFor();
  await page.getByRole('button', { name: 'Start syncing' }).click();
}
