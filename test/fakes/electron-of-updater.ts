import { EventEmitter } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The little of Electron that electron-updater uses, on Node: what asks the web really asks it, what ends the app only says so. */
export interface FakeElectron {
  /** The system's own updater, which on macOS gets the file at last. */
  readonly autoUpdater: EventEmitter & { address: string; setFeedURL(feed: { url: string; headers: unknown }): void };
  readonly quits: string[];
}

/** Puts it in Electron's place for every package that asks for it. `folder`: where the app keeps what it has. */
export function standInForElectron(version: string, folder: string): FakeElectron {
  const quits: string[] = [];
  const native = Object.assign(new EventEmitter(), {
    address: '',
    headers: {} as unknown,
    setFeedURL: ({ url, headers }: { url: string; headers: unknown }) =>
      Object.assign(native, { address: url, headers }),
    checkForUpdates: () =>
      void fetchBySystem(native.address, native.headers as Record<string, string>).then(
        (text) => native.emit('update-downloaded', text),
        (error) => native.emit('error', error),
      ),
    quitAndInstall: () => quits.push('restart'),
  });
  type Headers = { readonly responseHeaders: Readonly<Record<string, string[]>> };
  let hears = (_headers: Headers, _answer: (judged: { cancel?: boolean }) => void): void => undefined;
  const electron = {
    app: Object.assign(new EventEmitter(), {
      isPackaged: true,
      getVersion: () => version,
      getName: () => 'Holdfast',
      getPath: () => folder,
      getAppPath: () => folder,
      whenReady: async () => undefined,
      quit: () => quits.push('quit'),
    }),
    autoUpdater: native,
    net: {
      request: ({ session: _, ...options }: RequestOptions & { session: unknown }) => {
        const request = httpRequest(options);
        // As Electron does: nobody else hears of an answer that is refused.
        request.prependListener('response', (response: IncomingMessage) => {
          const responseHeaders = Object.fromEntries(
            Object.entries(response.headersDistinct).map(([header, values]) => [header, values ?? []]),
          );
          hears({ responseHeaders }, ({ cancel }) => {
            if (cancel === true) request.destroy(new Error('net::ERR_BLOCKED_BY_CLIENT'));
          });
        });
        return request;
      },
    },
    session: {
      fromPartition: () => ({
        fetch,
        webRequest: {
          onBeforeRequest: () => undefined,
          onHeadersReceived: (listener: typeof hears) => {
            hears = listener;
          },
        },
      }),
    },
  };
  const place = require.resolve('electron');
  require.cache[place] = { id: place, filename: place, loaded: true, exports: electron } as never;
  Object.defineProperty(process, 'resourcesPath', { value: folder, configurable: true });
  return { autoUpdater: native, quits };
}

/** As Squirrel.Mac does: what its feed says first, then the file. */
async function fetchBySystem(address: string, headers: Record<string, string>): Promise<string> {
  const { url } = (await (await fetch(address, { headers })).json()) as { url: string };
  return await (await fetch(url)).text();
}
