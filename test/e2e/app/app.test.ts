import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { popupSize } from '../../../main/popup-place.ts';
import { tryLock } from '../../../src/app/home/home-lock.ts';
import type { Reply } from '../../../src/rpc/dispatch.ts';
import type { HomeStatus, RpcEvent } from '../../../src/rpc/home-report.ts';
import { withDescendants } from '../../bench/app/processes.ts';
import type { StartedApp } from '../../bench/app/started-app.ts';
import { startConnectProxy } from '../../fakes/connect-proxy.ts';
import { namedCertificate } from '../../fakes/test-certificates.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { type DrivenApp, driveApp } from './driven-app.ts';
import { buildForTest, electronProgram, switches, whyNoApp } from './electron.ts';
import { type NotificationLog, openNotificationLog } from './notification-log.ts';
import { setUpHere } from './set-up-here.ts';
import { whatAPageMightTry } from './what-a-page-might-try.ts';

const why = whyNoApp();

describe.skipIf(why !== null)('the desktop app, in a real Electron on a real desktop', () => {
  let desktop: Desktop;
  let notifications: NotificationLog;
  let root: string;
  let base: string;
  let home: string;
  let folder: string;
  let app: DrivenApp;
  let windows: StartedApp;
  let page: Page;
  const complaints: string[] = [];

  const environment = (at: string) => ({
    ...desktop.environment,
    HOLDFAST_HOME: at,
    HOLDFAST_ENGINE_NODE: process.execPath,
    XDG_CONFIG_HOME: join(base, 'config'),
  });
  /** Its window, once it has one. */
  const connect = async () => {
    windows = await app.connect();
    page = windows.page;
    page.context().setDefaultTimeout(patience);
  };
  const ask = (name: string, input: unknown = {}) =>
    page.evaluate(`holdfast.ask(${JSON.stringify(name)}, ${JSON.stringify(input)})`) as Promise<Reply>;
  const answer = async <T>(name: string, input: unknown = {}): Promise<T> => {
    const reply = await ask(name, input);
    if (!reply.ok) throw new Error(`${name}: ${reply.failure.message}`);
    return reply.value as T;
  };
  const untilSynced = (files: number) =>
    eventually(async () => {
      const { state, pairs } = await answer<HomeStatus>('status');
      return state === 'up-to-date' && pairs[0]?.files === files;
    });
  let setUp: Promise<void> | null = null;
  /** The first minutes, with a letter in the folder: by whichever test needs them first. */
  const untilSetUp = async (): Promise<void> => {
    setUp ??= writeFile(join(folder, 'letter.txt'), 'canary of the desktop').then(() => setUpHere(page, folder));
    await setUp;
  };
  const enginePid = async (): Promise<number> => JSON.parse(await readFile(join(home, 'daemon.json'), 'utf8')).pid;
  const isMainVisible = () =>
    app.main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some(
        (window) => window.isVisible() && !window.webContents.getURL().endsWith('popup'),
      ),
    );
  const isPopupShown = () =>
    app.main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some((each) => each.isVisible() && each.webContents.getURL().endsWith('#/popup')),
    );
  const openPopup = async (): Promise<Page> => {
    await eventually(() => {
      // The panel holds one icon, in the corner. A click so shortly after the popup was hidden is taken for the one that hid it.
      spawnSync('xdotool', ['mousemove', '1268', '12', 'click', '1'], { env: desktop.environment });
      return eventually(isPopupShown, { within: 3_000 });
    });
    const popup = await eventually(() => windows.pages().find((each) => each.url().endsWith('#/popup')));
    await popup.getByRole('heading', { name: 'Recent changes' }).waitFor();
    return popup;
  };
  /** As some time after everything was hidden: there is no page any more. */
  const giveUpPages = async (): Promise<void> => {
    await app.main.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        window.close();
        window.destroy();
      }
    });
    await eventually(() => windows.pages().length === 0);
  };
  /** The main window's page, once there is one. */
  const untilPage = () => eventually(() => windows.pages().find((each) => !each.url().endsWith('#/popup')));
  const mainSize = () => app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize());

  beforeAll(async () => {
    base = await tempFolder('desktop-app');
    home = join(base, 'home');
    folder = join(base, 'Documents');
    await mkdir(folder);
    [desktop, root] = await Promise.all([openDesktop(), buildForTest()]);
    notifications = await openNotificationLog(desktop);
    app = await driveApp(root, home, environment(home));
    await connect();
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => void complaints.push(String(error)));
  }, 180_000);
  afterAll(async () => {
    app?.main.letGo();
    await app?.end();
    await notifications?.close();
    await desktop?.close();
  });

  it('opens at the first step, without any configuration', async () => {
    await page.getByRole('heading', { name: 'Where should your files be kept?' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('gives its window nothing but the bridge', async () => {
    const seen = await page.evaluate(`({
      node: ['process', 'require', 'module', 'Buffer', 'global'].filter((name) => name in window),
      bridge: Object.keys(holdfast).sort(),
    })`);
    expect(seen).toEqual({ node: [], bridge: ['ask', 'listen'] });
    const preferences = await app.main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) =>
        (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
      ),
    );
    for (const each of preferences) {
      expect(each).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
    }
  });

  it('checks at its door what a window asks', async () => {
    expect(await ask('no-such-command')).toMatchObject({ ok: false, failure: { kind: 'usage' } });
    expect(await ask('__proto__')).toMatchObject({ ok: false, failure: { kind: 'usage' } });
    expect(await ask('pause', { pair: 7, surprise: true })).toMatchObject({ ok: false, failure: { kind: 'usage' } });
  });

  it('asks the system for the proxy to a server, which is believed by its certificate alone', async () => {
    const server = await startTestServer({ tls: namedCertificate });
    const proxy = await startConnectProxy(Number(new URL(server.url).port));
    const setProxy = (rules: string) =>
      app.main.evaluate(({ session }, proxyRules: string) => session.defaultSession.setProxy({ proxyRules }), rules);
    try {
      await setProxy(proxy.url.host);
      const words = { server: 'https://sync.holdfast.test', email: 'me@example.org', password: 'x', deviceName: 'x' };
      expect(await ask('login', words)).toMatchObject({ ok: false, failure: { reason: 'certificate' } });
      expect(new Set(proxy.asked)).toEqual(new Set(['sync.holdfast.test:443']));
    } finally {
      await setProxy('direct://');
      await Promise.all([proxy.close(), server.close()]);
    }
  });

  it('syncs a folder of the first minutes, on a server of this computer', async () => {
    complaints.length = 0;
    await untilSetUp();
    await untilSynced(1);
    const stored = await readdir(join(home, 'server'), { recursive: true });
    expect(stored.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('keeps its keys in the system’s keychain', async () => {
    expect(await answer('app-info')).toMatchObject({ keychain: 'system', canChooseFolder: true });
    const files = await readdir(join(home, 'keys'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      expect(JSON.parse(await readFile(join(home, 'keys', file), 'utf8'))).toMatchObject({ kind: 'system' });
    }
  });

  it('has a tray icon, which opens the popup, whose links open the window', async () => {
    await untilSetUp();
    const popup = await openPopup();
    await popup.getByText('letter.txt').waitFor();
    spawnSync('xdotool', ['key', 'Escape'], { env: desktop.environment });
    await eventually(async () => !(await isPopupShown()), { what: 'the popup, closed by Escape' });
    await openPopup();
    await popup.getByRole('link', { name: 'Open Holdfast' }).click();
    await eventually(async () => !(await isPopupShown()));
    await eventually(isMainVisible);
    expect(popup.url()).toMatch(/#\/popup$/);
    expect(page.url()).toMatch(/#\/folders$/);
  });

  it('shows all in larger letters by Ctrl with plus, its popup in a larger frame, and as it was by Ctrl with zero', async () => {
    await untilSetUp();
    const press = (key: string) => spawnSync('xdotool', ['key', key], { env: desktop.environment });
    const widthOf = (of: Page) => of.evaluate('innerWidth') as Promise<number>;
    const scaleOf = (of: Page) => of.evaluate('devicePixelRatio') as Promise<number>;
    const [width, scale] = [await widthOf(page), await scaleOf(page)];
    await app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
    for (let times = 0; times < 3; times++) press('ctrl+plus');
    await eventually(async () => (await widthOf(page)) < 0.8 * width, { what: 'larger letters' });
    const popup = await openPopup();
    await eventually(async () => Math.abs((await widthOf(popup)) - popupSize.width) < 3, { what: 'the larger frame' });
    expect(await scaleOf(popup)).toBeGreaterThan(1.2 * scale);
    press('Escape');
    await eventually(async () => !(await isPopupShown()));
    await app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.focus());
    press('ctrl+0');
    await eventually(async () => (await widthOf(page)) === width, { what: 'letters as they were' });
  });

  it('goes on in the tray when its window is closed; a second start shows the window again and ends', async () => {
    await app.main.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    expect(await isMainVisible()).toBe(false);
    await writeFile(join(folder, 'second.txt'), 'written while the window is closed');
    await untilSynced(2);

    const hidden = spawnSync(electronProgram, [...switches, root, '--hidden'], {
      env: environment(home),
      timeout: patience,
    });
    expect(hidden.status).toBe(0);
    expect(await isMainVisible()).toBe(false);
    const second = spawnSync(electronProgram, [...switches, root], { env: environment(home), timeout: patience });
    expect(second.status).toBe(0);
    await eventually(isMainVisible);
  });

  it('tells the desktop what needs the person: many things in one message, whose click opens them', async () => {
    const names = [1, 2].map((n) => Buffer.concat([Buffer.from(join(folder, `scan ${n} `)), Buffer.of(0xff)]));
    await answer('settings-set', { notifications: 'all' });
    await page.evaluate('window.heard_ = []; void holdfast.listen((event) => window.heard_.push(event))');
    const heard = () => page.evaluate('window.heard_') as Promise<RpcEvent[]>;
    await mkdir(join(folder, 'Scans'));
    for (let at = 0; at < 120; at++) await writeFile(join(folder, 'Scans', `${at}.txt`), `scan ${at}`);
    await untilSynced(122);
    expect(await notifications.sent()).toEqual([]);

    await answer('pause', { pair: null, minutes: null });
    await rm(join(folder, 'Scans'), { recursive: true });
    await answer('resume', { pair: null });
    const [told] = await eventually(
      async () => {
        const sent = await notifications.sent();
        return sent.length > 0 && sent;
      },
      { what: 'a message of the desktop' },
    );
    expect(told).toEqual({
      program: 'Holdfast',
      title: 'Holdfast',
      body: 'Many deletions are waiting for your decision.',
    });

    // What comes within the minute is not told one by one: the window hears of it after the app had its say.
    for (const name of names) await writeFile(name, 'its name is no text');
    await eventually(
      async () =>
        (await heard()).some((event) => event.type === 'status' && (event.status.pairs[0]?.issues ?? 0) > names.length),
      { what: 'the issues of both names' },
    );
    expect(await notifications.sent()).toHaveLength(1);

    await app.main.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
    expect(await isMainVisible()).toBe(false);
    await notifications.click();
    await eventually(isMainVisible);
    await eventually(() => page.url().endsWith('#/issues'));

    for (const name of names) await rm(name);
    await answer('resolve', { pair: null, issue: 'held:up', choice: 'allow' });
    await untilSynced(2);
  });

  it('comes back where it was, and as large, when its page was given up meanwhile', async () => {
    await page.evaluate(`void (location.hash = '#/devices')`);
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    await app.main.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.setSize(900, 600);
    });
    await giveUpPages();
    await app.main.evaluate((electron) => void electron.app.emit('activate'));
    page = await untilPage();
    await page.getByRole('heading', { name: 'Devices', level: 1 }).waitFor();
    await eventually(isMainVisible);
    expect(await mainSize()).toEqual([900, 600]);
  });

  it('opens its popup anew when that was given up with the rest', async () => {
    await untilSetUp();
    await giveUpPages();
    const popup = await openPopup();
    await popup.getByRole('link', { name: 'Open Holdfast' }).click();
    await eventually(async () => !(await isPopupShown()));
    await eventually(isMainVisible);
    page = await untilPage();
  });

  it('starts at login when asked to', async () => {
    const entry = join(base, 'config', 'autostart', 'holdfast.desktop');
    await answer('settings-set', { startAtLogin: true });
    await eventually(() => existsSync(entry));
    expect(await readFile(entry, 'utf8')).toContain('--hidden');
    await answer('settings-set', { startAtLogin: false });
    await eventually(() => !existsSync(entry));
  });

  it('starts its engine again when it dies, and says so meanwhile', async () => {
    const first = await enginePid();
    process.kill(first, 'SIGKILL');
    await eventually(async () => (await enginePid().catch(() => first)) !== first);
    await untilSynced(2);
    // The second pause is a second long: time enough to be read, too little to be found by who looks now and then.
    await page.evaluate(`{
      const isLost = () => [...document.querySelectorAll('strong')].some((each) => each.textContent.includes('Holdfast does not answer'));
      window.wasLost_ = false;
      new MutationObserver(() => { window.wasLost_ ||= isLost(); })
        .observe(document.body, { childList: true, subtree: true, characterData: true });
    }`);
    process.kill(await enginePid(), 'SIGKILL');
    await eventually(() => page.evaluate('window.wasLost_'), { what: 'the word that the engine is gone' });
    await untilSynced(2);
    await page.getByRole('strong').filter({ hasText: 'Holdfast does not answer' }).waitFor({ state: 'detached' });
  });

  // Late: Playwright takes a navigation that was denied for one that never ends.
  it('lets its window go nowhere and load nothing', async () => {
    const before = page.url();
    const pages = windows.pages().length;
    const tried = await page.evaluate(whatAPageMightTry);
    expect(tried).toEqual({
      network: 'refused',
      disk: 'refused',
      code: 'refused',
      image: 'refused',
      camera: 'refused',
      place: 'denied',
      popup: 'refused',
      inline: 'refused',
    });
    for (const address of ['https://example.org/', 'file:///etc/passwd', 'holdfast-app://other/']) {
      await page.evaluate(`void (location.href = ${JSON.stringify(address)})`);
    }
    await answer('status');
    expect(page.url()).toBe(before);
    expect(windows.pages()).toHaveLength(pages);
  });

  it('loads its page again whose process is gone, where it was', async () => {
    const heading = () =>
      app.main.evaluate(({ BrowserWindow }) => {
        const page = BrowserWindow.getAllWindows()
          .map(({ webContents }) => webContents)
          .find((each) => !each.getURL().endsWith('#/popup'));
        // A page that is gone would never answer.
        if (page === undefined || page.isCrashed() || page.isLoading()) return '';
        return page.executeJavaScript(`document.querySelector('h1')?.textContent ?? ''`);
      });
    const first = await eventually(async () => (await heading()) || null);
    await app.main.evaluate(({ BrowserWindow }) =>
      Promise.all(
        BrowserWindow.getAllWindows().map(({ webContents }) => {
          const gone = new Promise((resolve) => void webContents.once('render-process-gone', () => resolve(null)));
          webContents.forcefullyCrashRenderer();
          return gone;
        }),
      ).then(() => null),
    );
    await eventually(async () => (await heading()) === first, { what: 'the page, once more' });
  });

  it('ends whole: no process, no lock, no door', async () => {
    const pids = [await enginePid(), ...withDescendants(app.pid)];
    expect(pids.length).toBeGreaterThan(4);
    await app.main.evaluate((electron) => electron.app.quit());
    app.main.letGo();
    expect(await app.gone).toBe(0);
    const log = (await readFile(join(home, 'logs', 'app.log'), 'utf8')).trim().split('\n');
    expect(log.at(-1)).toContain('app ended');
    expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    await eventually(() => pids.every((pid) => !isAlive(pid)));
    expect(existsSync(join(home, 'daemon.json'))).toBe(false);
    const lock = tryLock(join(home, 'lock'));
    expect(lock).not.toBeNull();
    lock?.release();
    expect(await readdir(join(home, 'window'))).not.toContain('SingletonLock');
  });

  it('opens its window in the colours that were chosen, before the engine could tell them', async () => {
    const dark = join(base, 'dark');
    await mkdir(dark, { mode: 0o700 });
    await writeFile(
      join(dark, 'config.json'),
      JSON.stringify({ format: 1, settings: { theme: 'dark', language: 'de' }, pairs: [] }),
    );
    app = await driveApp(root, dark, environment(dark));
    // Electron knows a window's first ground only, and for a moment none.
    const ground = () =>
      app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor());
    await expect.poll(ground, { timeout: patience }).toBe('#17191A');
    // Asked without Playwright, which has a page believe in a system of its own.
    const isDark = await app.main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        `matchMedia('(prefers-color-scheme: dark)').matches`,
      ),
    );
    expect(isDark).toBe(true);
    await connect();
    await page.getByRole('heading', { name: 'Wo sollen Ihre Dateien liegen?' }).waitFor();
    await answer('settings-set', { theme: 'light' });
    await page.locator('html[data-theme=light]').waitFor();
    await eventually(() => app.main.evaluate(({ nativeTheme }) => !nativeTheme.shouldUseDarkColors));
    app.main.letGo();
    await app.end();
  });

  it('says why it cannot start, and ends', async () => {
    const open = join(base, 'open');
    await mkdir(open);
    await writeFile(join(open, 'letter.txt'), 'of somebody else');
    await chmod(open, 0o777);
    const started = spawn(electronProgram, [...switches, root], { env: environment(open), stdio: 'ignore' });
    const ended = once(started, 'exit');
    const onDesktop = (...words: string[]) =>
      spawnSync('xdotool', words, { env: desktop.environment, encoding: 'utf8' }).stdout.trim();
    await eventually(() => onDesktop('search', '--onlyvisible', '--name', '^Error$') !== '', { what: 'a dialog' });
    await eventually(() => {
      onDesktop('key', 'Return');
      return started.exitCode !== null;
    });
    expect(await ended).toEqual([70, null]);
  });

  it('refuses a keychain that keeps nothing secret, and starts hidden when the system starts it', async () => {
    const other = join(base, 'other');
    await mkdir(join(other, 'window'), { recursive: true, mode: 0o700 });
    // Its window is where that of the former start was.
    await copyFile(join(home, 'window', 'place.json'), join(other, 'window', 'place.json'));
    app = await driveApp(root, other, environment(other), ['--hidden', '--password-store=basic']);
    await eventually(() => existsSync(join(other, 'daemon.json')));
    expect(await app.main.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
    expect(await readFile(join(other, 'logs', 'app.log'), 'utf8')).toContain('"keychain":"none"');
    await app.main.evaluate((electron) => void electron.app.emit('activate'));
    await connect();
    expect(await answer('app-info')).toMatchObject({ keychain: 'file' });
    await eventually(isMainVisible);
    expect(await mainSize()).toEqual([900, 600]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
