import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { PairId } from '../../../src/common/ids.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium, tellSkipped } from './chromium.ts';
import { type Computer, email, newComputer, password } from './people.ts';

tellSkipped();

const count = 110;
const names = Array.from({ length: count }, (_, at) => `page-${at}.txt`).sort();

/** Several issues of one kind, decided by one click: what comes of it on the disk and in the vault. */
describe.skipIf(chromiumPath === null)('many issues at once, in Chromium, with the real engine and server', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let computer: Computer;
  const folders: { readonly folder: string; readonly pair: PairId }[] = [];

  const ownNames = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const inVault = async (pair: PairId) => {
    const { entries } = await computer.daemon.service.ls({ pair, path: '', isRecursive: true, withDeleted: false });
    return entries.map(({ path }) => path).sort();
  };
  const group = (name: string) => page.getByRole('region', { name });
  const openIssues = async () => (await computer.daemon.service.issues({ pair: null })).issues;

  beforeAll(async () => {
    await buildWindow();
    const root = await tempFolder('issues');
    [server, computer] = await Promise.all([startTestServer(), newComputer(root, 'desk')]);
    const { service } = computer.daemon;
    await service.signup({ server: server.url, email, password, deviceName: 'Desk' });
    for (const vault of ['Letters', 'Diary']) {
      const folder = join(root, vault);
      await mkdir(folder);
      await Promise.all(names.map((name) => writeFile(join(folder, name), `${vault} ${name}`)));
      const { pair } = await service.add({ folder, vault, isPaused: false });
      folders.push({ folder, pair });
    }
    expect(await service.sync({ pair: null })).toMatchObject({ converged: true });
    browser = await launchChromium(must(chromiumPath));
    page = await browser.newPage({ locale: 'en-GB' });
    page.setDefaultTimeout(patience);
    await page.goto(computer.daemon.newAddress());
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Issues' }).click();
    await page.getByRole('heading', { name: 'Nothing needs your attention' }).waitFor();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await computer?.daemon.close();
    await server?.close();
  });

  test('links that are not synced are taken note of, and stay as they are', async () => {
    const links = folders.flatMap(({ folder }) => ['one', 'two', 'three'].map((name) => join(folder, name)));
    for (const link of links) await symlink('page-1.txt', link);
    await group('Skipped').getByRole('button', { name: 'Got it (6)' }).click();
    await page.getByRole('status').filter({ hasText: '6 issues dealt with.' }).waitFor();
    await page.getByRole('heading', { name: 'Nothing needs your attention' }).waitFor();
    expect((await openIssues()).filter(({ choices }) => choices.length > 0)).toEqual([]);
    for (const link of links) expect((await lstat(link)).isSymbolicLink()).toBe(true);
    for (const { pair } of folders) expect(await inVault(pair)).toEqual(names);
    for (const link of links) await rm(link);
  });

  test('deletions that wait are taken back in each folder: every file is here again, and was never gone there', async () => {
    for (const { folder } of folders) await Promise.all(names.map((name) => rm(join(folder, name))));
    // All of them are seen as deleted, before anyone decides.
    await eventually(
      async () => (await computer.daemon.service.held({ pair: null, offset: 0, limit: 1 })).total === 2 * count,
      { what: 'all deletions held' },
    );
    await group('Many deletions wait for you').getByRole('button', { name: 'Keep the files (2)' }).click();
    await page.getByRole('status').filter({ hasText: '2 issues dealt with.' }).waitFor();
    await page.getByRole('heading', { name: 'Nothing needs your attention' }).waitFor();
    for (const { folder, pair } of folders) {
      await eventually(async () => (await ownNames(folder)).length === count, { what: `all files in ${folder}` });
      const vault = must(folder.split('/').at(-1));
      for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe(`${vault} ${name}`);
      expect(await inVault(pair)).toEqual(names);
    }
    expect(await openIssues()).toEqual([]);
    expect(await computer.daemon.service.sync({ pair: null })).toMatchObject({ converged: true, held: 0, issues: 0 });
  });
});
