import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountFile, type StoredAccount } from '../../../src/app/account/account-file.ts';
import { accountNewsOf } from '../../../src/app/account/account-news.ts';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import { logIn, recoverAccount, signUp } from '../../../src/app/account/sign-in.ts';
import { forgetAccount, revokeThisDevice } from '../../../src/app/account/sign-out.ts';
import type { Keychain } from '../../../src/app/keychain/keychain.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { openOrMakeVault, readVaultName } from '../../../src/app/vaults/vault-directory.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import type { DeviceId } from '../../../src/common/ids.ts';
import { hashAccountEvent } from '../../../src/crypto/account-event.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { revokeDevice } from '../../../src/vault/account-steps.ts';
import { changeRecoveryWords } from '../../../src/vault/change-secrets.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';
const email = 'ada@example.org';

let server: TestServer;
/** What a lying server does to the honest answers. */
let lie: (api: StorageApi) => Partial<StorageApi>;

/** An honest answer that is a while on its way. */
interface LateAnswer {
  readonly isThere: Promise<void>;
  readonly sent: () => void;
  readonly arrived: Promise<void>;
  readonly arrive: () => void;
}
let slow: Partial<Record<'getChain' | 'appendEvent', LateAnswer>> = {};

function lateAnswer(): LateAnswer {
  const { promise: isThere, resolve: sent } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  return { isThere, sent, arrived, arrive };
}

function slowly(api: StorageApi): Partial<StorageApi> {
  const late = async <T>(call: keyof typeof slow, answer: Promise<T>): Promise<T> => {
    const how = slow[call];
    delete slow[call];
    const given = await answer;
    how?.sent();
    await how?.arrived;
    return given;
  };
  return {
    getChain: (after, options) => late('getChain', api.getChain(after, options)),
    appendEvent: (event) => late('appendEvent', api.appendEvent(event)),
  };
}

beforeEach(async () => {
  server = await startTestServer();
  slow = {};
  lie = () => ({});
});
afterEach(() => server.close());

function memoryKeychain(): Keychain {
  const secrets = new Map<string, Uint8Array>();
  return {
    kind: 'memory',
    read: async (name) => secrets.get(name)?.slice() ?? null,
    write: async (name, secret) => void secrets.set(name, secret.slice()),
    remove: async (name) => void secrets.delete(name),
  };
}

async function newPorts(): Promise<Ports> {
  return appPorts(
    async (_url, session) => {
      const api = server.connect(session);
      return { ...api, ...slowly(api), ...lie(api) };
    },
    { keychain: memoryKeychain() },
  );
}

const place = (deviceName: string) => ({ server: server.url, email, deviceName });

async function founder(): Promise<{ ports: Ports; stored: StoredAccount; words: string }> {
  const ports = await newPorts();
  const { stored, recoveryWords } = await signUp(ports, place('First'), password);
  return { ports, stored, words: recoveryWords };
}

async function revokeIn(session: AccountSession, device: DeviceId): Promise<void> {
  await session.append(
    ({ chain }) => revokeDevice(session.keys, chain, device, Date.now() * 1000),
    ({ event }) => session.storage.appendEvent(event),
  );
}

const storedText = ({ home }: Ports): string => readFileSync(home.accountFile, 'utf8');

describe('the account on this device', () => {
  it('learns of other devices, by name, and survives a restart', async () => {
    const { ports, stored } = await founder();
    const second = await logIn(await newPorts(), place('Second'), password);
    const session = await openAccountSession(ports, stored);
    await session.refresh();
    expect(session.deviceNameOf(second.device)).toBe('Second');
    await session.close();

    const again = accountFile(ports.home).read();
    expect(again?.pin.position).toBe(session.known().chain.position);
    const reopened = await openAccountSession(ports, again as StoredAccount);
    expect(reopened.deviceNameOf(second.device)).toBe('Second');
    await reopened.close();
  });

  it('tells what others have added since it was opened, while it is there and not synced here', async () => {
    const { ports, stored } = await founder();
    const session = await openAccountSession(ports, stored);
    await openOrMakeVault(ports, session, 'mine');
    const others = await newPorts();
    await session.refresh();
    expect(accountNewsOf(session, [])).toEqual({ newDevice: null, newVault: null });
    const second = await logIn(others, place('Second'), password);
    const other = await openAccountSession(others, second);
    const { vault } = await openOrMakeVault(others, other, 'theirs');
    await session.refresh();
    const newDevice = { device: second.device, deviceName: 'Second' };
    expect(accountNewsOf(session, [])).toEqual({ newDevice, newVault: null });
    await readVaultName(session, vault);
    expect(accountNewsOf(session, [])).toEqual({ newDevice, newVault: { vault, vaultName: 'theirs' } });
    expect(accountNewsOf(session, [{ vault }])).toEqual({ newDevice, newVault: null });
    await revokeIn(session, second.device);
    expect(accountNewsOf(session, [{ vault }])).toEqual({ newDevice: null, newVault: null });
    await Promise.all([session.close(), other.close()]);
  });

  it('[KEY-13] does not open with another secret in the keychain, or none', async () => {
    const { ports, stored } = await founder();
    await ports.keychain.write('device', systemRandom.bytes(32));
    await expect(openAccountSession(ports, stored)).rejects.toMatchObject({ kind: 'corrupt', reason: 'device-keys' });
    await ports.keychain.remove('device');
    await expect(openAccountSession(ports, stored)).rejects.toMatchObject({ kind: 'refused', reason: 'sign-in' });
  });

  it('is over when another device revokes this one', async () => {
    const { ports, stored } = await founder();
    const others = await newPorts();
    const second = await logIn(others, place('Second'), password);
    const doomed = await openAccountSession(others, second);
    await doomed.refresh();
    await revokeThisDevice(others, doomed);
    await expect(doomed.refresh()).rejects.toMatchObject({ kind: 'refused' });
    await doomed.close();
    const session = await openAccountSession(ports, stored);
    await session.refresh();
    expect(session.known().chain.devices.get(second.device)?.revokedAt).not.toBeNull();
    await session.close();
  });

  it('never goes back, whichever answer of the server comes first', async () => {
    const { ports, stored } = await founder();
    const others: StoredAccount[] = [];
    for (const name of ['Second', 'Third']) others.push(await logIn(await newPorts(), place(name), password));
    const session = await openAccountSession(ports, stored);
    await session.refresh();
    const { position } = session.known().chain;
    const known = () => [session.known().chain.position, accountFile(ports.home).read()?.pin.position];

    // The server looked at the chain before the revocation, and is heard after it.
    const chain = lateAnswer();
    slow = { getChain: chain };
    const looking = session.refresh();
    await chain.isThere;
    await revokeIn(session, (others[0] as StoredAccount).device);
    chain.arrive();
    await looking;
    expect(known()).toEqual([position + 1, position + 1]);

    // What came after the revocation is heard of before it.
    const appended = lateAnswer();
    slow = { appendEvent: appended };
    const revoking = revokeIn(session, (others[1] as StoredAccount).device);
    await appended.isThere;
    await logIn(await newPorts(), place('Fourth'), password);
    await session.refresh();
    appended.arrive();
    await revoking;
    expect(known()).toEqual([position + 3, position + 3]);
    await session.close();
  });

  it('asks once after the start, and each time that it was told of more, and of that again if it was asked before', async () => {
    const { ports, stored } = await founder();
    let asked = 0;
    lie = (api) => ({
      getChain: (after, options) => {
        asked++;
        return slowly(api).getChain?.(after, options) ?? api.getChain(after, options);
      },
    });
    const session = await openAccountSession(ports, stored);
    await session.refreshIfDue();
    await session.refreshIfDue();
    expect(asked).toBe(1);
    session.hint(session.known().chain.position);
    await session.refreshIfDue();
    expect(asked).toBe(1);
    session.hint(session.known().chain.position + 1);
    const answer = lateAnswer();
    slow = { getChain: answer };
    const early = session.refresh();
    await answer.isThere;
    session.hint(session.known().chain.position + 1);
    const due = session.refreshIfDue();
    answer.arrive();
    await Promise.all([early, due]);
    expect(asked).toBe(3);
    await session.close();
  });

  it('keeps nobody who goes away from a server that does not answer; what it answers later counts', async () => {
    const { ports, stored } = await founder();
    const second = await logIn(await newPorts(), place('Second'), password);
    const session = await openAccountSession(ports, stored);
    const chain = lateAnswer();
    slow = { getChain: chain };
    const stop = new AbortController();
    const due = session.refreshIfDue(stop.signal);
    await chain.isThere;
    stop.abort(new Error('closed'));
    await expect(due).rejects.toThrow('closed');
    chain.arrive();
    await session.refreshIfDue();
    expect(session.deviceNameOf(second.device)).toBe('Second');
    await session.close();
  });

  it('takes a step after a password was changed elsewhere, and opens again', async () => {
    const { ports, stored, words } = await founder();
    const second = await logIn(await newPorts(), place('Second'), password);
    const session = await openAccountSession(ports, stored);
    await session.refresh();
    await recoverAccount(await newPorts(), place('Third'), words, 'another lamp for another night');
    await revokeIn(session, second.device);
    expect(session.known().chain.devices.get(second.device)?.revokedAt).not.toBeNull();
    await session.close();
    await (await openAccountSession(ports, accountFile(ports.home).read() as StoredAccount)).close();
  });

  it('is not stopped by passwords that change while it looks', async () => {
    const { ports, stored, words } = await founder();
    const session = await openAccountSession(ports, stored);
    await recoverAccount(await newPorts(), place('Second'), words, 'another lamp for another night');
    const chain = lateAnswer();
    slow = { getChain: chain };
    const looking = session.refresh();
    await chain.isThere;
    await recoverAccount(await newPorts(), place('Third'), words, 'a third lamp for a third night');
    chain.arrive();
    await looking;
    await session.refresh();
    expect(session.known().chain.record?.version).toBe(3);
    await session.close();
    await (await openAccountSession(ports, accountFile(ports.home).read() as StoredAccount)).close();
  });

  it('hears of the vault that it makes before it is told that it made it, and opens again', async () => {
    const { ports, stored } = await founder();
    const made = lateAnswer();
    lie = (api) => ({
      createVault: async (...input) => {
        const outcome = await api.createVault(...input);
        made.sent();
        await made.arrived;
        return outcome;
      },
    });
    const session = await openAccountSession(ports, stored);
    const making = openOrMakeVault(ports, session, 'Photos');
    await made.isThere;
    await session.refresh();
    made.arrive();
    const { vault } = await making;
    await session.refresh();
    await session.close();
    const again = await openAccountSession(ports, accountFile(ports.home).read() as StoredAccount);
    expect([...again.known().chain.vaults.keys()]).toEqual([vault]);
    await again.close();
  });

  it('tells vaults apart by what can be seen of a name, and else by their ids', async () => {
    const { ports, stored } = await founder();
    const session = await openAccountSession(ports, stored);
    const made = await openOrMakeVault(ports, session, ' Photos ');
    expect(made).toMatchObject({ name: 'Photos', isNew: true });
    for (const again of ['Photos', '  Photos', made.vault, made.vault.slice(0, 8)]) {
      expect(await openOrMakeVault(ports, session, again), again).toEqual({ ...made, isNew: false });
    }
    await expect(openOrMakeVault(ports, session, '   ')).rejects.toMatchObject({ reason: 'vault-name' });
    await session.close();
  });

  it('meets the same vault on two devices that make it at the same time', async () => {
    const { ports, stored } = await founder();
    const others = await newPorts();
    const second = await logIn(others, place('Second'), password);
    const sessions = [await openAccountSession(ports, stored), await openAccountSession(others, second)];
    const [a, b] = await Promise.all([
      openOrMakeVault(ports, sessions[0] as never, 'Photos'),
      openOrMakeVault(others, sessions[1] as never, 'Photos'),
    ]);
    expect(a.vault).toBe(b.vault);
    expect([a.isNew, b.isNew].sort()).toEqual([false, true]);
    for (const session of sessions) await session.close();
  });
});

it('nobody joins whose keychain takes no keys, and no account is made whose words nobody would see', async () => {
  const ports = await newPorts();
  const closed = { ...ports, keychain: { ...ports.keychain, write: () => Promise.reject(new Error('denied')) } };
  const refused = { kind: 'refused', reason: 'keychain' };
  await expect(signUp(closed, place('First'), password)).rejects.toMatchObject(refused);
  const { stored, recoveryWords } = await signUp(ports, place('First'), password);
  await expect(logIn(closed, place('Second'), password)).rejects.toMatchObject(refused);
  const next = 'another lamp for another night';
  await expect(recoverAccount(closed, place('Third'), recoveryWords, next)).rejects.toMatchObject(refused);
  const session = await openAccountSession(ports, stored);
  await session.refresh();
  const { devices, record } = session.known().chain;
  expect([devices.size, record?.version]).toEqual([1, 1]);
  await session.close();
});

it('the keychain’s secret is overwritten when it has done its work', async () => {
  const ports = await newPorts();
  const handed: Uint8Array[] = [];
  const { keychain } = ports;
  const watched: Ports = {
    ...ports,
    keychain: {
      ...keychain,
      read: async (name) => {
        const secret = await keychain.read(name);
        if (secret !== null) handed.push(secret);
        return secret;
      },
      write: (name, secret) => {
        handed.push(secret);
        return keychain.write(name, secret);
      },
    },
  };
  const { stored } = await signUp(watched, place('First'), password);
  await (await openAccountSession(watched, stored)).close();
  expect(handed.length).toBeGreaterThanOrEqual(2);
  for (const secret of handed) expect(secret).toEqual(new Uint8Array(32));
  await (await openAccountSession(ports, stored)).close();
});

describe('a lying server', () => {
  it.each<[string, (api: StorageApi) => Partial<StorageApi>, string]>([
    [
      'rolls the account back',
      (api) => ({
        getChain: async () => ({ events: [], head: { seq: 1, hash: new Uint8Array(32).fill(1) }, isLast: true }),
        getRecord: api.getRecord,
      }),
      'E_ROLLBACK',
    ],
    [
      'shows another history',
      () => ({
        getChain: async (after) => ({
          events: [],
          head: { seq: after, hash: new Uint8Array(32).fill(1) },
          isLast: true,
        }),
      }),
      'E_FORK',
    ],
    [
      'invents a device',
      (api) => ({
        getChain: async (after) => {
          const { events } = await api.getChain(0);
          const fake = events[1] as (typeof events)[number];
          return { events: [fake], head: { seq: after + 1, hash: new Uint8Array(32).fill(2) }, isLast: true };
        },
      }),
      'E_FORK',
    ],
  ])('that %s freezes the account, for good, and changes nothing', async (_, how, code) => {
    const { ports, stored } = await founder();
    lie = how;
    const session = await openAccountSession(ports, stored);
    await expect(session.refresh()).rejects.toMatchObject({ kind: 'security', security: code });
    await session.close();

    // Not even an honest server is believed any more, and nobody signs.
    lie = () => ({});
    const frozen = accountFile(ports.home).read() as StoredAccount;
    expect(frozen.pin.frozen?.code).toBe(code);
    expect(frozen.events).toHaveLength(stored.events.length);
    const again = await openAccountSession(ports, frozen);
    await expect(again.refresh()).rejects.toMatchObject({ kind: 'security', security: code });
    expect(() => again.author()).toThrow(expect.objectContaining({ kind: 'security' }));
    await again.close();
  });

  it('that shows another history only to who takes a step freezes the account, too', async () => {
    const { ports, stored } = await founder();
    const second = await logIn(await newPorts(), place('Second'), password);
    const head = { seq: 9, hash: new Uint8Array(32).fill(1) };
    let isLying = false;
    lie = (api) => ({
      getChain: async (after, options) =>
        isLying ? { events: [], head: { seq: after, hash: head.hash }, isLast: true } : api.getChain(after, options),
      appendEvent: async () => {
        isLying = true;
        return { status: 'moved', head, events: [] };
      },
    });
    const session = await openAccountSession(ports, stored);
    await session.refresh();
    await expect(revokeIn(session, second.device)).rejects.toMatchObject({ kind: 'security', security: 'E_FORK' });
    expect(accountFile(ports.home).read()?.pin.frozen?.code).toBe('E_FORK');
    expect(() => session.author()).toThrow(expect.objectContaining({ kind: 'security' }));
    await session.close();
  });

  it('that tells of a newer record only while a device joins keeps it from opening no more than before', async () => {
    const { ports, stored } = await founder();
    const session = await openAccountSession(ports, stored);
    await session.append(
      ({ chain }) =>
        changeRecoveryWords({ keys: session.keys, chain, record: stored.record, nowUs: 1, random: systemRandom }),
      ({ record, event }) => session.storage.putRecord(record, event),
    );
    await session.close();
    const { events, record } = stored;
    const head = { seq: events.length, hash: hashAccountEvent(must(events.at(-1)).event) };
    let isHidden = true;
    lie = (api) => ({
      getChain: async (after, options) =>
        isHidden ? { events: events.slice(after), head, isLast: true } : api.getChain(after, options),
      getRecord: async () => (isHidden ? { record, chain: head } : api.getRecord()),
      appendEvent: async (event) => {
        isHidden = false;
        return api.appendEvent(event);
      },
    });
    const others = await newPorts();
    const joined = await openAccountSession(others, await logIn(others, place('Second'), password));
    await joined.refresh();
    expect(joined.known().chain.record?.version).toBe(2);
    await joined.close();
  });

  it('that took a step only in words, while another device took one, freezes the account', async () => {
    const { ports, stored } = await founder();
    const second = await logIn(await newPorts(), place('Second'), password);
    const said = lateAnswer();
    lie = () => ({
      appendEvent: () =>
        said.arrived.then(() => ({ status: 'done' as const, head: { seq: 1, hash: new Uint8Array(32) } })),
    });
    const session = await openAccountSession(ports, stored);
    lie = () => ({});
    await session.refresh();
    const revoking = revokeIn(session, second.device);
    await logIn(await newPorts(), place('Third'), password);
    await session.refresh();
    said.arrive();
    await expect(revoking).rejects.toMatchObject({ kind: 'security', security: 'E_FORK' });
    expect(accountFile(ports.home).read()?.pin.frozen?.code).toBe('E_FORK');
    await session.close();
  });

  it('is no proxy in front that knows no server at the moment', async () => {
    const { ports, stored } = await founder();
    const page = new HoldfastError('missing', 'not found', { reason: 'http-404' });
    lie = () => ({ getChain: () => Promise.reject(page) });
    const session = await openAccountSession(ports, stored);
    await expect(session.refresh()).rejects.toBe(page);
    await session.close();
  });

  it('SRV-15 that says the account is gone is not believed, and nothing is made anew', async () => {
    const { ports, stored } = await founder();
    const before = storedText(ports);
    lie = () => ({ getChain: () => Promise.reject(new HoldfastError('missing', 'no such account')) });
    const session = await openAccountSession(ports, stored);
    await expect(session.refresh()).rejects.toMatchObject({ kind: 'security', security: 'E_ROLLBACK' });
    await session.close();
    expect(storedText(ports)).toBe(before);
  });

  it.each([
    ['cheap', { memoryKiB: 8, passes: 1 }, 'E_DOWNGRADE'],
    ['ruinous', { memoryKiB: 4 * 1024 * 1024 * 1024, passes: 3 }, 'E_LIMIT'],
    ['without salt', { salt: new Uint8Array(16) }, 'E_DOWNGRADE'],
  ])('that offers %s password parameters learns nothing of the password', async (_, change, code) => {
    await founder();
    let logins = 0;
    lie = (api) => ({
      prelogin: async (address) => {
        const { account, kdf } = await api.prelogin(address);
        return { account, kdf: { ...kdf, ...change } };
      },
      login: (answer) => {
        logins++;
        return api.login(answer);
      },
    });
    const ports = await newPorts();
    await expect(logIn(ports, place('Second'), password)).rejects.toMatchObject({ kind: 'security', security: code });
    expect(logins).toBe(0);
    expect(accountFile(ports.home).read()).toBeNull();
  });

  it('that gives mangled keys is found out at sign-in, before anything is added', async () => {
    await founder();
    let appended = 0;
    lie = (api) => ({
      getRecord: async () => {
        const { record, chain } = await api.getRecord();
        const body = record.body.slice();
        body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;
        return { record: { ...record, body }, chain };
      },
      appendEvent: (event) => {
        appended++;
        return api.appendEvent(event);
      },
    });
    await expect(logIn(await newPorts(), place('Second'), password)).rejects.toMatchObject({ kind: 'security' });
    expect(appended).toBe(0);
  });

  it('[F-REC-4] cannot give a new device another account than that of the address, though it has the same password', async () => {
    await founder();
    const otherPorts = await newPorts();
    const { stored } = await signUp(otherPorts, { ...place('First'), email: 'eve@example.org' }, password);
    let token: string | null = null;
    const connect: Ports['connect'] = async (_url, given) => {
      const renew = async (): Promise<void> => {
        await given.renew();
        token = given.token();
      };
      return server.connect({ ...given, renew });
    };
    const other = await openAccountSession({ ...otherPorts, connect }, stored);
    await other.refresh();
    let appended = 0;
    lie = (api) => ({
      prelogin: () => api.prelogin('eve@example.org'),
      login: async ({ account }) => ({ token: must(token), account, device: null, lifetime: 60_000 }),
      appendEvent: (event) => {
        appended++;
        return api.appendEvent(event);
      },
    });
    const ports = await newPorts();
    await expect(logIn(ports, place('Second'), password)).rejects.toMatchObject({
      security: 'E_AUTH',
      reason: 'account-replaced',
    });
    expect(appended).toBe(0);
    expect(accountFile(ports.home).read()).toBeNull();
    await other.close();
  });

  it('cannot give a device that signed out less than it had seen, or another account', async () => {
    const { ports, stored } = await founder();
    const session = await openAccountSession(ports, stored);
    await openOrMakeVault(ports, session, 'Photos');
    await revokeThisDevice(ports, session);
    await session.close();
    await forgetAccount(ports, accountFile(ports.home).read() as StoredAccount);
    expect(accountFile(ports.home).read()).toBeNull();

    lie = (api) => ({
      getChain: async () => {
        const page = await api.getChain(0);
        const events = page.events.slice(0, 3);
        return { ...page, events, isLast: true };
      },
    });
    await expect(logIn(ports, place('Again'), password)).rejects.toMatchObject({ security: 'E_ROLLBACK' });
    lie = (api) => ({
      prelogin: async (address) => ({ ...(await api.prelogin(address)), account: 'f'.repeat(32) as never }),
    });
    await expect(logIn(ports, place('Again'), password)).rejects.toMatchObject({ reason: 'account-replaced' });
    lie = () => ({});
    expect((await logIn(ports, place('Again'), password)).account).toBe(stored.account);
  });
});

describe('recovery', () => {
  it('goes on when another device changes the account meanwhile', async () => {
    const { words, stored } = await founder();
    let hasMoved = false;
    lie = (api) => ({
      putRecord: async (record, event) => {
        if (!hasMoved) {
          hasMoved = true;
          lie = () => ({});
          await logIn(await newPorts(), place('Between'), password);
        }
        return api.putRecord(record, event);
      },
    });
    const ports = await newPorts();
    const next = 'another lamp for another night';
    const recovered = await recoverAccount(ports, place('Recovered'), words, next);
    expect(recovered.account).toBe(stored.account);
    await expect(logIn(await newPorts(), place('x'), password)).rejects.toMatchObject({ reason: 'login' });
    expect((await logIn(await newPorts(), place('y'), next)).account).toBe(stored.account);
  });
});
