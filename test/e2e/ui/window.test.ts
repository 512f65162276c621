import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';
import { expectAccessible } from './accessible.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium, tellSkipped } from './chromium.ts';
import { type Computer, email, newComputer, password, setUp, signInByKeyboard } from './people.ts';

tellSkipped();

const large = { width: 1120, height: 760 };

const shots = join(repository, 'dist', 'screens');

/** What is in a folder, without the mark that says that it is the right one. */
const ownNames = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.'));

/** One story of one person, in order: each test goes on where the one before it ended. */
describe.skipIf(chromiumPath === null)('the window, in Chromium, with the real engine and server', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let desk: Computer;
  let laptop: Computer;
  const complaints: string[] = [];

  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
  const visit = async (name: string) => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  /** Looks at the page as it is: with axe, and with the eyes of whoever opens the picture. */
  const look = async (name: string) => {
    await expectAccessible(page, name);
    await page.screenshot({ path: join(shots, `${name}.png`) });
  };
  const onLaptop = (path: string) => readFile(join(laptop.folder, path), 'utf8');

  beforeAll(async () => {
    await buildWindow();
    await mkdir(shots, { recursive: true });
    server = await startTestServer();
    const root = await tempFolder('window');
    desk = await newComputer(root, 'desk');
    laptop = await newComputer(root, 'laptop');
    browser = await launchChromium(must(chromiumPath));
    page = await browser.newPage({ viewport: large, locale: 'en-GB' });
    page.setDefaultTimeout(patience);
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(desk.daemon.newAddress());
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await page.screenshot({ path: join(shots, 'failed.png') });
  });

  afterAll(async () => {
    await browser?.close();
    await Promise.all([desk?.daemon.close(), laptop?.daemon.close()]);
    await server?.close();
  });

  test('leads from nothing to synced files, with the recovery words asked back', async () => {
    await mkdir(join(desk.folder, 'Photos'));
    await writeFile(join(desk.folder, 'letter.txt'), 'first');
    for (let at = 1; at <= 12; at++)
      await writeFile(join(desk.folder, 'Photos', `coast-${at}.jpg`), 'x'.repeat(at * 9000));
    await heading('Where should your files be kept?');
    await expectAccessible(page, 'the first step');
    await setUp(page, server.url, desk.folder, look);
    await heading('Up to date');
    expect((await desk.daemon.service.status({})).account?.areWordsUnconfirmed).toBe(false);
    expect(new URL(page.url()).hash).not.toMatch(/^#[A-Za-z0-9_-]{20,}$/);
  });

  test('leads a second computer to the same files, by keyboard alone', async () => {
    const other = await browser.newPage({ viewport: large, locale: 'en-GB' });
    other.setDefaultTimeout(patience);
    await other.goto(laptop.daemon.newAddress());
    await signInByKeyboard(other, server.url, laptop.folder);
    expect(await eventually(() => onLaptop('letter.txt').catch(() => null))).toBe('first');
    await other.close();
  });

  test('restores a version of a file', async () => {
    await writeFile(join(desk.folder, 'letter.txt'), 'second, and longer');
    await eventually(async () => (await onLaptop('letter.txt')) === 'second, and longer');
    await visit('Files');
    await page.getByRole('row', { name: /letter\.txt/ }).click();
    const versions = page.getByRole('region', { name: 'Versions' });
    await versions.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    // Either may have it first.
    await eventually(async () => (await onLaptop('letter.txt')) === 'first');
    await eventually(async () => (await readFile(join(desk.folder, 'letter.txt'), 'utf8')) === 'first');
  });

  test('shows the conflict copy of a file that was edited on both sides; nothing is lost', async () => {
    const { service } = laptop.daemon;
    await service.pause({ pair: null, minutes: null });
    await writeFile(join(laptop.folder, 'letter.txt'), 'by the laptop');
    await writeFile(join(desk.folder, 'letter.txt'), 'by the desk');
    await eventually(async () => {
      const { versions } = await desk.daemon.service.versions({ pair: null, path: 'letter.txt', node: null });
      return versions.find(({ isCurrent }) => isCurrent)?.size === 'by the desk'.length;
    });
    await service.resume({ pair: null });
    await page.getByRole('row', { name: /letter.*conflict/i }).waitFor();
    const both = await eventually(async () => {
      const names = (await readdir(desk.folder)).filter((name) => name.startsWith('letter'));
      return names.length === 2 && Promise.all(names.map((name) => readFile(join(desk.folder, name), 'utf8')));
    });
    expect(both.toSorted()).toEqual(['by the desk', 'by the laptop']);

    await page.getByRole('row', { name: /letter.*conflict/i }).click();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByText('Both versions of “letter.txt” were kept. This one is from Laptop.').waitFor();
    await look('conflict');
    await details.getByRole('button', { name: 'Show both' }).click();
    await eventually(async () => (await page.getByRole('row').count()) === 3);
    // Resolved as people do: by keeping one of the two.
    const copy = must((await readdir(laptop.folder)).find((name) => name.includes('conflict')));
    await rm(join(laptop.folder, copy));
    await page.getByRole('row', { name: /letter.*conflict/i }).waitFor({ state: 'detached' });
    await eventually(
      async () => (await ownNames(desk.folder)).filter((name) => name.startsWith('letter')).length === 1,
    );
    await details.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('searchbox').fill('');
  });

  test('holds a large deletion, shows what would go, and lets it happen when it is allowed', async () => {
    for (let at = 0; at < 120; at++) await writeFile(join(desk.folder, 'Photos', `old-${at}.txt`), String(at));
    await eventually(async () => (await readdir(join(laptop.folder, 'Photos'))).length === 132);
    for (const name of await ownNames(desk.folder)) await rm(join(desk.folder, name), { recursive: true });
    // All of it is seen as deleted, before anyone decides: 132 files in a folder, and the letter.
    await eventually(async () => (await desk.daemon.service.held({ pair: null, offset: 0, limit: 1 })).total === 134, {
      what: '134 held deletions',
    });
    await visit('Issues');
    await heading('Many deletions wait for you');
    await page.getByRole('button', { name: 'See what would be deleted' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Photos/old-7.txt', { exact: true }).waitFor();
    await look('held');
    await page.keyboard.press('Escape');
    expect(await readdir(join(laptop.folder, 'Photos'))).toHaveLength(132);
    await look('issues-held');
    await page.getByRole('button', { name: 'Allow deletion' }).click();
    await dialog.getByRole('button', { name: 'Allow deletion' }).click();
    await heading('Nothing needs your attention');
    // The laptop may ask its own person as well, before its files go.
    const { service } = laptop.daemon;
    await eventually(
      async () => {
        const { issues } = await service.issues({ pair: null });
        const held = issues.find(({ id }) => id === 'held:down');
        if (held !== undefined) await service.resolve({ pair: held.pair, issue: held.id, choice: 'allow' });
        return (await ownNames(laptop.folder)).length === 0;
      },
      { what: 'an empty folder on the laptop' },
    );
  });

  test('undoes a batch from the list of what happened', async () => {
    await writeFile(join(desk.folder, 'plan.md'), 'a plan');
    await visit('Activity');
    const batch = page.getByRole('listitem').filter({ hasText: 'plan.md' }).first();
    await batch.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('status').filter({ hasText: 'Undone.' }).waitFor();
    await eventually(async () => !(await readdir(desk.folder)).includes('plan.md'));
  });

  test('says that the server is gone, and that it is back', async () => {
    await visit('Folders');
    const { port } = new URL(server.url);
    await server.closeServer();
    await heading('Offline');
    await look('offline');
    const again = await startTestServer({ dataDir: server.dataDir, listen: { host: '127.0.0.1', port: Number(port) } });
    server = { ...again, close: again.close };
    await page.getByRole('heading', { name: 'Up to date' }).waitFor();
  });

  test('speaks the language and has the colours that were chosen, at once', async () => {
    await visit('Settings');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await page.getByLabel('Darstellung').selectOption('dark');
    await page.locator('html[lang=de][data-theme=dark]').waitFor();
    expect(await page.title()).toBe('Einstellungen · Holdfast');
    await look('settings-real');
    await page.getByLabel('Darstellung').selectOption('light');
    await page.getByLabel('Sprache').selectOption('en');
    await page.locator('html[lang=en][data-theme=light]').waitFor();
    expect(await desk.daemon.service['settings-get']({})).toMatchObject({ language: 'en', theme: 'light' });
  });

  test('changes the password and the recovery words, each with the present password', async () => {
    const next = 'another lamp for another night';
    const dialog = page.getByRole('dialog');
    await visit('Settings');
    await page.getByRole('button', { name: 'Change password…' }).click();
    const change = dialog.getByRole('button', { name: 'Change password' });
    await dialog.getByLabel('Current password').fill('not this one at all');
    await dialog.getByLabel('New password').fill(next);
    await dialog.getByLabel('Repeat the password').fill('another');
    await dialog.getByText('The two passwords are not the same.').waitFor();
    expect(await change.isDisabled()).toBe(true);
    await dialog.getByLabel('Repeat the password').fill(next);
    await change.click();
    await dialog.getByText('The password is wrong.').waitFor();
    await dialog.getByLabel('Current password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Your account has the new password.' }).waitFor();

    await page.getByRole('button', { name: 'New recovery words…' }).click();
    await dialog.getByLabel('Password', { exact: true }).fill(next);
    await page.keyboard.press('Enter');
    const list = dialog.getByRole('list', { name: 'Recovery words, in order' });
    await list.waitFor();
    expect(await list.getByRole('listitem').count()).toBe(24);
    // They are shown only now: nothing but the button takes them away.
    await page.keyboard.press('Escape');
    await list.waitFor();
    await look('settings-words-real');
    // Whoever ends the window now is reminded of them.
    const unconfirmed = async () => (await desk.daemon.service.status({})).account?.areWordsUnconfirmed;
    const reminder = page.getByText('Do you have your recovery words?');
    expect(await unconfirmed()).toBe(true);
    await reminder.waitFor();
    await dialog.getByRole('button', { name: 'I have saved them' }).click();
    await dialog.waitFor({ state: 'detached' });
    await reminder.waitFor({ state: 'detached' });
    expect(await unconfirmed()).toBe(false);
    await desk.daemon.service['change-password']({ password: next, newPassword: password });
  });

  test('brings what syncing replaced or deleted here back from this computer’s trash, in either language', async () => {
    const onDesk = (name: string) => readFile(join(desk.folder, name), 'utf8').catch(() => null);
    await writeFile(join(desk.folder, 'tickets.txt'), 'there');
    await eventually(async () => (await onLaptop('tickets.txt')) === 'there');
    await writeFile(join(laptop.folder, 'tickets.txt'), 'there and back');
    await eventually(async () => (await onDesk('tickets.txt')) === 'there and back');
    await rm(join(laptop.folder, 'tickets.txt'));
    await eventually(async () => (await onDesk('tickets.txt')) === null);

    const dialog = page.getByRole('dialog');
    const ours = dialog.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'tickets' });
    await visit('Files');
    await page.getByRole('button', { name: 'Trash' }).click();
    await ours.first().waitFor();
    expect(await ours.count()).toBe(1);
    await dialog.getByRole('tab', { name: 'This computer' }).click();
    await dialog.getByText('kept for 30 days').waitFor();
    expect(await ours.count()).toBe(2);
    await look('trash-here');
    // The latest one first: what was deleted, not what had been replaced before.
    await ours.first().getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('status').filter({ hasText: '“tickets.txt” is back in the folder.' }).waitFor();
    expect(await onDesk('tickets.txt')).toBe('there and back');
    await eventually(async () => (await onLaptop('tickets.txt')) === 'there and back');
    await page.keyboard.press('Escape');

    await desk.daemon.service['settings-set']({ language: 'de' });
    await page.getByRole('button', { name: 'Papierkorb' }).click();
    await dialog.getByRole('tab', { name: 'Dieser Computer' }).click();
    await eventually(async () => (await ours.count()) === 1);
    await look('trash-here-german');
    await ours.getByRole('button', { name: 'Zurückholen' }).click();
    await page.getByRole('status').filter({ hasText: '„tickets (restored).txt“ ist wieder im Ordner.' }).waitFor();
    expect(await onDesk('tickets (restored).txt')).toBe('there');
    expect(await onDesk('tickets.txt')).toBe('there and back');
    await eventually(async () => (await onLaptop('tickets (restored).txt')) === 'there');
    await writeFile(join(laptop.folder, 'tickets.txt'), 'and away again');
    await eventually(async () => (await onDesk('tickets.txt')) === 'and away again');
    await ours.first().waitFor();
    await dialog.getByRole('button', { name: 'Papierkorb leeren' }).click();
    await page.getByRole('dialog', { name: 'Papierkorb von „Documents“ auf diesem Computer leeren?' }).waitFor();
    await look('trash-to-be-emptied-german');
    await page.getByRole('button', { name: 'Papierkorb leeren' }).last().click();
    await dialog.getByText('Der Papierkorb ist leer').waitFor();
    // What was deleted in the vault comes back as well, beside the file that has its name by now, which stays as it is.
    await dialog.getByRole('tab', { name: 'Tresor' }).click();
    await ours.getByRole('button', { name: 'Zurückholen' }).click();
    const third = 'tickets (restored 2).txt';
    await eventually(async () => (await onDesk(third)) === 'there and back');
    expect(await onDesk('tickets.txt')).toBe('and away again');
    await page.keyboard.press('Escape');
    await desk.daemon.service['settings-set']({ language: 'en' });
    await page.getByRole('button', { name: 'Trash' }).waitFor();
    for (const name of await ownNames(desk.folder)) await rm(join(desk.folder, name), { recursive: true });
  });

  test('shows names that would mislead or act as text, with escapes for what cannot be seen (P8)', async () => {
    const names = ['<img src=x onerror=alert(1)>.txt', 'invoice\u202efdp.exe', 'two\nlines.txt', 'javascript:alert(1)'];
    const shown = [
      '<img src=x onerror=alert(1)>.txt',
      'invoice\\u{202e}fdp.exe',
      'two\\u{a}lines.txt',
      'javascript:alert(1)',
    ];
    for (const name of names) await writeFile(join(desk.folder, name), 'x');
    await eventually(async () => {
      const there = await readdir(laptop.folder);
      return names.every((name) => there.includes(name));
    });
    await visit('Files');
    for (const name of shown) await page.getByRole('row', { name }).waitFor();
    await page.getByRole('row', { name: 'two' }).click();
    await page.getByRole('complementary', { name: 'Details' }).getByText('two\\u{a}lines.txt').waitFor();
    await page.getByRole('button', { name: 'Why is it so?' }).click();
    await page.getByRole('dialog').getByText('two\\u{a}lines.txt').first().waitFor();
    await look('hostile-names');
    await page.keyboard.press('Escape');
    await visit('Activity');
    for (const name of shown) await page.getByText(name, { exact: true }).first().waitFor();
    expect(
      await page.evaluate('document.querySelectorAll("img, script:not([src]), [onerror], [href^=javascript]").length'),
    ).toBe(0);
    expect(await page.evaluate('/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.textContent)')).toBe(false);
    for (const name of names) await rm(join(desk.folder, name));
  });

  test('takes a folder off this computer and brings it back; the other one keeps it', async () => {
    await mkdir(join(desk.folder, 'Photos'), { recursive: true });
    for (let at = 1; at <= 9; at++)
      await writeFile(join(desk.folder, 'Photos', `coast-${at}.jpg`), 'y'.repeat(at * 9000));
    await writeFile(join(desk.folder, 'notes.md'), 'notes');
    await eventually(async () => (await readdir(join(laptop.folder, 'Photos')).catch(() => [])).length === 9);
    await visit('Files');
    await page.getByRole('row', { name: /Photos/ }).click();
    await page.getByRole('row', { name: /coast-1\.jpg/ }).waitFor();
    await page.getByRole('button', { name: 'About this folder' }).click();
    await page.getByRole('button', { name: 'Keep off this computer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep off this computer' }).click();
    await eventually(async () => !(await readdir(desk.folder)).includes('Photos'));
    expect(await readdir(join(laptop.folder, 'Photos'))).toHaveLength(9);
    await visit('Folders');
    await page.getByRole('button', { name: 'More actions for Documents' }).click();
    await page.getByRole('menuitem', { name: 'Folder settings' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Bring to this computer' }).click();
    await eventually(async () => (await readdir(join(desk.folder, 'Photos')).catch(() => [])).length === 9);
    await page.getByText('Everything in the vault is on this computer.').waitFor();
    await page.keyboard.press('Escape');
  });

  test('adds another folder after showing what its first sync would do', async () => {
    const second = join(desk.folder, '..', 'Letters');
    await mkdir(second);
    await writeFile(join(second, 'to-grandma.txt'), 'Dear grandma');
    await page.getByRole('button', { name: 'Add folder' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Folder on this computer').fill(second);
    await dialog.getByRole('button', { name: 'Show what would happen' }).click();
    await dialog.getByText('To send').waitFor();
    expect((await desk.daemon.service.vaults({})).vaults).toHaveLength(2);
    await dialog.getByRole('button', { name: 'Start syncing' }).click();
    await page.getByRole('article', { name: 'Letters' }).getByText('Up to date').waitFor();
    await page.getByRole('article', { name: 'Letters' }).getByText('1 file').waitFor();
    await page.getByRole('button', { name: 'More actions for Letters' }).click();
    await page.getByRole('menuitem', { name: 'Stop syncing…' }).click();
    await dialog.getByRole('button', { name: 'Stop syncing' }).click();
    await eventually(async () => (await page.getByRole('article').count()) === 1);
    expect(await readFile(join(second, 'to-grandma.txt'), 'utf8')).toBe('Dear grandma');
  });

  test('deletes a vault that is named and no other one; its files stay', async () => {
    await visit('Settings');
    const vaults = page.getByRole('region', { name: 'Vaults' });
    await vaults.getByText('Not on this computer').waitFor();
    await vaults.getByRole('listitem').filter({ hasText: 'Letters' }).getByRole('button').click();
    const dialog = page.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Delete vault' });
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByLabel('The name of the vault').fill('Documents');
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('The name of the vault').fill('Letters');
    await button.click();
    await page.getByRole('status').filter({ hasText: 'The vault “Letters” is deleted.' }).waitFor();
    await eventually(async () => (await vaults.getByRole('listitem').count()) === 1);
    expect((await desk.daemon.service.vaults({})).vaults.map(({ name }) => name)).toEqual(['Documents']);
    expect(await readFile(join(desk.folder, '..', 'Letters', 'to-grandma.txt'), 'utf8')).toBe('Dear grandma');
  });

  test('explains a file, and shows its versions beside the list', async () => {
    await page.evaluate(`location.hash = '#/files'`);
    await page.getByRole('row', { name: /notes\.md/ }).click();
    await page.getByText('Current').waitFor();
    await look('details');
    await page.getByRole('button', { name: 'Why is it so?' }).click();
    await page.getByText('In step: there is nothing to do.').waitFor();
    await look('why');
    await page.keyboard.press('Escape');
    vi.stubEnv('HOME', must(desk.folder));
    await page.getByRole('button', { name: 'Save a copy' }).click();
    await page.getByRole('status').filter({ hasText: 'Saved as' }).waitFor();
    expect(await readFile(join(desk.folder, 'Downloads', 'notes.md'), 'utf8')).toBe('notes');
    await rm(join(desk.folder, 'Downloads'), { recursive: true });
  });

  test('signs this computer out; its files stay', async () => {
    await page.reload();
    await visit('Settings');
    await page.getByRole('button', { name: 'Sign out…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await heading('Where should your files be kept?');
    expect(await readFile(join(desk.folder, 'notes.md'), 'utf8')).toBe('notes');
    const { devices } = await laptop.daemon.service.devices({});
    expect(devices.map(({ name, isRevoked }) => [name, isRevoked])).toEqual([
      ['Desk', true],
      ['Laptop', false],
    ]);
  });

  test('deletes the account after asking who means it; the files stay, and nobody signs in any more', async () => {
    const other = await browser.newPage({ viewport: large, locale: 'en-GB' });
    other.setDefaultTimeout(patience);
    await other.goto(laptop.daemon.newAddress());
    await other.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await other.getByRole('button', { name: 'Delete account…' }).click();
    const dialog = other.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Delete account' });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('Your e-mail address').fill('eve@example.org');
    await dialog.getByLabel('Password').fill(password);
    await button.click();
    await dialog.getByText('This is not the e-mail address of the account').waitFor();
    await dialog.getByLabel('Your e-mail address').fill(email);
    await button.click();
    await other.getByRole('heading', { name: 'Where should your files be kept?' }).waitFor();
    expect(await onLaptop('notes.md')).toBe('notes');
    const again = { server: server.url, email, password, deviceName: 'Laptop' };
    await expect(laptop.daemon.service.login(again)).rejects.toMatchObject({ kind: 'refused', reason: 'login' });
    await other.close();
  });

  test('says that Holdfast was ended, and how to come back', async () => {
    await desk.daemon.close();
    await page.getByText('start it again and open the address that it prints').waitFor();
  });

  test('nothing broke the page’s policy, and no error was logged', () => {
    expect(complaints).toEqual([]);
  });
});
