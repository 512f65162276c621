import { systemClock } from '../../src/app/system-clock.ts';
import { createBandwidth } from '../../src/remote/bandwidth.ts';
import { createHttpStorageApi, type HttpStorageOptions } from '../../src/remote/http-storage-api.ts';
import type { StorageApi } from '../../src/remote/storage-api.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/start-server.ts';
import { tempFolder } from './temp.ts';
import { login, makeAccount, makeSignup, random, type TestAccount, type TestDevice } from './test-account.ts';

export interface TestServer extends RunningServer {
  readonly dataDir: string;
  connect(options?: Partial<HttpStorageOptions>): StorageApi;
  /** Closes the server and leaves its clients alone; `close` ends both. */
  closeServer(): Promise<void>;
}

const quickRetry = { tries: 3, first: 5, longest: 50 };

export function connectTo(url: string, options: Partial<HttpStorageOptions> = {}): StorageApi {
  const clock = systemClock;
  return createHttpStorageApi({ url, clock, random, bandwidth: createBandwidth(clock), retry: quickRetry, ...options });
}

/** The real server in this process, on a folder of its own unless one is given. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await tempFolder('server'));
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    ...options,
    dataDir,
  });
  const opened: StorageApi[] = [];
  return {
    ...server,
    dataDir,
    connect: (api) => {
      const made = connectTo(server.url, api);
      opened.push(made);
      return made;
    },
    closeServer: server.close,
    close: async () => {
      await Promise.all(opened.map((api) => api.close()));
      await server.close();
    },
  };
}

export interface SignedIn {
  readonly account: TestAccount;
  readonly api: StorageApi;
}

type Connect = (options: Partial<HttpStorageOptions>) => StorageApi;

/** A client of this device that signs in by the device's key whenever the server asks. */
export function connectDevice(
  connect: Connect,
  account: TestAccount,
  device: TestDevice = account.device,
  options: Partial<HttpStorageOptions> = {},
): StorageApi {
  let token: string | null = null;
  const api = connect({
    ...options,
    token: () => token,
    renew: async () => {
      token = (await login(api, account, 'device', device)).token;
    },
  });
  return api;
}

/** A new account with its first device, signed in. */
export async function signUp(connect: Connect, options: Partial<HttpStorageOptions> = {}): Promise<SignedIn> {
  const account = makeAccount();
  const api = connectDevice(connect, account, account.device, options);
  await api.signup(makeSignup(account));
  return { account, api };
}
