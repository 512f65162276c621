import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isAllowedLink } from '../../../main/allowed-link.ts';
import { hardenApp, hardenContents, hardenSession, webPreferences } from '../../../main/harden.ts';
import { anchorOf, pageOf, popupPlace, popupSize } from '../../../main/popup-place.ts';
import { answerFile } from '../../../main/scheme.ts';
import { isOurs, rateLimit } from '../../../main/sender.ts';
import { systemSeal } from '../../../main/system-seal.ts';

const { openExternal } = vi.hoisted(() => ({ openExternal: vi.fn(async () => undefined) }));
vi.mock('electron', () => ({ shell: { openExternal }, protocol: {} }));
beforeEach(() => openExternal.mockClear());

describe('[P8] links to the system’s browser', () => {
  it.each(['https://github.com/holdfast-sync/holdfast', 'https://github.com/holdfast-sync/holdfast/issues/1'])(
    'lead to the project: %s',
    (address) => expect(isAllowedLink(address)).toBe(true),
  );
  it.each([
    'http://github.com/holdfast-sync/holdfast',
    'https://github.com/',
    'https://github.com/holdfast-sync',
    'https://github.com/other/holdfast-sync/',
    'https://github.com/holdfast-sync/../other/x',
    'https://github.com:8443/holdfast-sync/x',
    'https://github.com.evil.example/holdfast-sync/x',
    'https://github.com@evil.example/holdfast-sync/x',
    'https://ada:secret@github.com/holdfast-sync/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'holdfast-app://ui/',
    '',
    'not an address',
  ])('lead nowhere else: %s', (address) => expect(isAllowedLink(address)).toBe(false));
});

describe('who sent a message', () => {
  const from = (url: string, parent: unknown = null) => isOurs({ senderFrame: { url, parent } });
  it('is a main frame of our own scheme', () => {
    expect(from('holdfast-app://ui/')).toBe(true);
    expect(from('holdfast-app://ui/#/popup')).toBe(true);
  });
  it('is nobody else', () => {
    expect(from('holdfast-app://ui/', {}), 'a frame inside').toBe(false);
    for (const url of [
      'holdfast-app://other/',
      'https://ui/',
      'file:///ui',
      'about:blank',
      'holdfast-app://ui.evil/',
      '',
    ]) {
      expect(from(url), url).toBe(false);
    }
    expect(isOurs({ senderFrame: null }), 'a frame that is gone').toBe(false);
  });
  it('may not ask without end', () => {
    let time = 0;
    const mayPass = rateLimit(3, () => time);
    expect([mayPass(), mayPass(), mayPass(), mayPass()]).toEqual([true, true, true, false]);
    time = 1000;
    expect(mayPass()).toBe(true);
  });
});

describe('the window’s scheme', () => {
  const files = new Map([['/', { type: 'text/html; charset=utf-8', read: () => Buffer.from('<!doctype html>') }]]);
  const answer = (address: string, method = 'GET') => answerFile(files, method, address);

  it('answers the files of the window, with a policy that lets nothing else in', async () => {
    const page = answer('holdfast-app://ui/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    'holdfast-app://ui/etc/passwd',
    'holdfast-app://ui/../../etc/passwd',
    'holdfast-app://ui/%2e%2e/%2e%2e/etc/passwd',
    'holdfast-app://ui//etc/passwd',
    'holdfast-app://other/',
    'nonsense',
  ])('answers nothing else: %s', (address) => expect(answer(address).status).toBe(404));

  it('only reads', () => expect(answer('holdfast-app://ui/', 'POST').status).toBe(404));
});

describe('the system’s keychain', () => {
  const storage = (backend: string, isThere = true) => ({
    isEncryptionAvailable: () => isThere,
    getSelectedStorageBackend: () => backend,
    encryptString: (plain: string) => Buffer.from(`sealed ${plain}`),
    decryptString: (sealed: Buffer) => sealed.toString().replace('sealed ', ''),
  });
  const sealOf = (backend: string, platform: NodeJS.Platform, isThere = true) =>
    systemSeal(storage(backend, isThere) as never, platform);

  it('is refused where it keeps nothing secret', () => {
    expect(sealOf('basic_text', 'linux')).toBeNull();
    expect(sealOf('unknown', 'linux')).toBeNull();
    expect(sealOf('gnome_libsecret', 'linux', false)).toBeNull();
  });

  it('seals and opens', async () => {
    const seal = sealOf('gnome_libsecret', 'linux');
    const sealed = await seal?.seal('key');
    expect(Buffer.from(sealed ?? '', 'base64').toString()).toBe('sealed key');
    expect(await seal?.open(sealed ?? '')).toBe('key');
  });

  it('is asked without blocking where Electron can', async () => {
    const modern = {
      ...storage('unknown'),
      encryptStringAsync: async (plain: string) => Buffer.from(`async ${plain}`),
      decryptStringAsync: async (sealed: Buffer) => ({ result: `opened ${sealed}` }),
    };
    const seal = systemSeal(modern as never, 'darwin');
    expect(Buffer.from((await seal?.seal('k')) ?? '', 'base64').toString()).toBe('async k');
    expect(await seal?.open(Buffer.from('x').toString('base64'))).toBe('opened x');
  });
});

describe('hardening', () => {
  it('gives pages nothing of Node, and no tools in a release', () => {
    expect(webPreferences('/preload.cjs', false)).toEqual({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  it('keeps every page where it is', () => {
    const heard = new Map<string, (event: { preventDefault(): void }) => void>();
    let open: (details: { url: string }) => unknown = () => undefined;
    hardenContents({
      on: (name: string, listener: never) => heard.set(name, listener),
      setWindowOpenHandler: (handler: never) => {
        open = handler;
      },
    } as never);
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      heard.get(name)?.({ preventDefault });
      expect(preventDefault, name).toHaveBeenCalledOnce();
    }
    expect(open({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(openExternal).not.toHaveBeenCalled();
    expect(open({ url: 'https://github.com/holdfast-sync/holdfast' })).toEqual({ action: 'deny' });
    expect(openExternal).toHaveBeenCalledOnce();
  });

  it('grants pages no right, downloads nothing, asks nothing of the network', () => {
    const set: Record<string, (...given: never[]) => unknown> = {};
    let before: ((details: unknown, answer: (given: unknown) => void) => void) | null = null;
    let filter: { urls: string[] } = { urls: [] };
    const setter = (name: string) => (handler: never) => {
      set[name] = handler;
    };
    hardenSession({
      setPermissionRequestHandler: setter('request'),
      setPermissionCheckHandler: setter('check'),
      setDevicePermissionHandler: setter('device'),
      on: (name: string, handler: never) => setter(name)(handler),
      webRequest: {
        onBeforeRequest: (given: typeof filter, handler: never) => {
          filter = given;
          before = handler;
        },
      },
    } as never);
    const granted = vi.fn();
    set['request']?.(null as never, 'media' as never, granted as never);
    expect(granted).toHaveBeenCalledExactlyOnceWith(false);
    expect(set['check']?.()).toBe(false);
    expect(set['device']?.()).toBe(false);
    const preventDefault = vi.fn();
    set['will-download']?.({ preventDefault } as never);
    expect(preventDefault).toHaveBeenCalledOnce();
    const answer = vi.fn();
    (before as unknown as (details: unknown, answer: unknown) => void)({}, answer);
    expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel: true });
    for (const scheme of ['http', 'https', 'ws', 'wss', 'file']) expect(filter.urls).toContain(`${scheme}://*/*`);
  });

  it('has the sandbox for all processes, but for root, who has none', () => {
    const app = { enableSandbox: vi.fn(), on: vi.fn() };
    hardenApp(app as never, true);
    expect(app.enableSandbox).not.toHaveBeenCalled();
    hardenApp(app as never, false);
    expect(app.enableSandbox).toHaveBeenCalledOnce();
  });
});

describe('the popup', () => {
  const area = { x: 0, y: 28, width: 1280, height: 872 };
  it('hangs below a panel above, stands on one below', () => {
    const above = popupPlace({ x: 600, y: 0, width: 24, height: 28 }, area);
    expect(above).toEqual({ ...popupSize, x: 612 - popupSize.width / 2, y: 28 });
    const below = popupPlace({ x: 600, y: 872, width: 24, height: 28 }, { ...area, y: 0 });
    expect(below.y).toBe(872 - popupSize.height);
  });

  it('is whole on its screen, wherever the icon is', () => {
    for (const x of [-5, 0, 1270, 3000]) {
      const { x: left } = popupPlace({ x, y: 0, width: 24, height: 24 }, area);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + popupSize.width).toBeLessThanOrEqual(1280);
    }
  });

  it('is as much larger as what it shows, and never larger than its screen', () => {
    const icon = { x: 600, y: 0, width: 24, height: 28 };
    expect(popupPlace(icon, area, 1.5)).toEqual({ x: 612 - 285, y: 28, width: 570, height: 780 });
    expect(popupPlace(icon, area, 4)).toEqual(area);
  });

  it('comes where the click was if the panel does not say where the icon is', () => {
    expect(anchorOf({ x: 0, y: 0, width: 0, height: 0 }, { x: 900, y: 5 })).toMatchObject({ x: 900, y: 5 });
    expect(anchorOf({ x: 10, y: 0, width: 24, height: 24 }, { x: 900, y: 5 })).toMatchObject({ x: 10 });
  });

  it('reads the page of a link', () => {
    expect(pageOf('holdfast-app://ui/#/files/abc')).toBe('files/abc');
    expect(pageOf('holdfast-app://ui/')).toBe('');
  });
});
