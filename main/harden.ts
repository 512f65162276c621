import { type App, type Session, shell, type WebContents, type WebPreferences } from 'electron';
import { isAllowedLink } from './allowed-link.ts';

/** How every window is made. Never less than this. */
export const webPreferences = (preload: string, isDevelopment: boolean) =>
  ({
    preload,
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
    devTools: isDevelopment,
  }) satisfies WebPreferences;

/** Whatever page there ever is stays where it is, opens nothing, embeds nothing. */
export function hardenContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  const deny = (event: { preventDefault(): void }): void => event.preventDefault();
  contents.on('will-navigate', deny);
  contents.on('will-redirect', deny);
  contents.on('will-frame-navigate', deny);
  contents.on('will-attach-webview', deny);
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** No page has a right to anything: camera, place, notifications, clipboard, devices. Nothing is downloaded. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Nothing of the network, whatever a page asks: the window lives on its own scheme.
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*'] },
    (_details, answer) => answer({ cancel: true }),
  );
}

/** `isRoot`: Chromium has no sandbox for root, and does not start as root unless told to go without one. */
export function hardenApp(app: App, isRoot: boolean): void {
  if (!isRoot) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}
