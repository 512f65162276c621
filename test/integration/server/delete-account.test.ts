import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/common/clock.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { eventually } from '../../helpers/eventually.ts';
import {
  addDevice,
  createVault,
  login,
  makeAccount,
  makeDevice,
  makeEntry,
  makeObject,
  makeSignup,
  type TestAccount,
  type TestVault,
} from '../../helpers/test-account.ts';
import { connectDevice, signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

let server: TestServer;
let later = 0;
let api: StorageApi;
let account: TestAccount;
let vault: TestVault;

const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };

beforeEach(async () => {
  later = 0;
  server = await startTestServer({ clock });
  ({ api, account } = await signUp(server.connect));
  vault = await createVault(api, account);
});
afterEach(() => server.close());

/** By a session of its own, as `method` opens it. */
async function deleteBy(method: 'password' | 'recovery' | 'device', device = account.device): Promise<void> {
  const { token } = await login(api, account, method, device);
  await server.connect({ token: () => token }).deleteAccount();
}

async function store(to: TestVault, by: StorageApi): Promise<void> {
  const [small, large] = [makeObject(4112), makeObject(200_000)];
  await by.putObjects(to.id, [small, large]);
  await by.appendEntry(to.id, makeEntry(to, { retained: [small.id, large.id] }));
}

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(join(server.dataDir, 'objects', folder), { recursive: true })).filter((name) => name.length > 3);

it('goes with all that it stored, and its e-mail is free again; others keep theirs', async () => {
  const other = await signUp(server.connect);
  const theirs = await createVault(other.api, other.account);
  await store(vault, api);
  await store(theirs, other.api);
  expect(await filesOf('single')).toHaveLength(2);

  await deleteBy('password');
  await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'login' });
  await expect(login(api, account, 'password')).rejects.toMatchObject({ reason: 'login' });
  await expect(login(api, account, 'recovery')).rejects.toMatchObject({ reason: 'login' });

  const collected = await server.collect();
  expect(collected.objects).toBe(2);
  expect(await filesOf('single')).toHaveLength(1);
  expect((await other.api.quota()).used).toBeGreaterThan(200_000);
  expect((await other.api.getLog(theirs.id, 0)).entries).toHaveLength(2);

  const next = makeAccount(account.email);
  await api.signup(makeSignup(next));
  expect(await connectDevice(server.connect, next).listVaults()).toEqual([]);
});

it('leaves nothing of itself in the database file or its log', async () => {
  // Nothing is to be removed, and the log is emptied of what an earlier start left: for now it has no traces.
  await server.collect();
  const entry = makeEntry(vault, { ciphertext: randomBytes(20_000) });
  await api.appendEntry(vault.id, entry);
  const { record } = await api.getRecord();
  const stored = async (what: Uint8Array): Promise<string[]> => {
    const names = (await readdir(server.dataDir)).filter((name) => /^meta\.db(-wal)?$/.test(name));
    const files = await Promise.all(
      names.map(async (name) => ({ name, bytes: await readFile(join(server.dataDir, name)) })),
    );
    return files.filter(({ bytes }) => bytes.includes(Buffer.from(what))).map(({ name }) => name);
  };
  const traces = [Buffer.from(account.email), record.signature, entry.ciphertext.subarray(10_000, 10_064)];
  for (const trace of traces) expect(await stored(trace)).not.toEqual([]);
  await deleteBy('password');
  await server.collect();
  for (const trace of traces) expect(await stored(trace)).toEqual([]);
});

it('is deleted by nobody who has only a device, or the recovery words', async () => {
  await expect(deleteBy('device')).rejects.toMatchObject({ kind: 'refused', reason: 'password' });
  await expect(deleteBy('recovery')).rejects.toMatchObject({ kind: 'refused', reason: 'password' });
  await expect(api.deleteAccount()).rejects.toMatchObject({ kind: 'refused', reason: 'password' });
  expect(await api.listVaults()).toHaveLength(1);
});

it('is deleted by no session that a device outside of the account opened, even by the password', async () => {
  await expect(deleteBy('password', makeDevice())).rejects.toMatchObject({ kind: 'refused', reason: 'device' });
  expect(await api.listVaults()).toHaveLength(1);
});

it('is not deleted by a session whose password was given a while ago', async () => {
  const { token } = await login(api, account, 'password');
  later = 301_000;
  const stale = server.connect({ token: () => token });
  await expect(stale.deleteAccount()).rejects.toMatchObject({ kind: 'refused', reason: 'password' });
  expect(await stale.listVaults()).toHaveLength(1);
});

it('tells its other devices', async () => {
  const second = makeDevice();
  await api.appendEvent(addDevice(account, second));
  const theirs = connectDevice(server.connect, account, second);
  const stop = new AbortController();
  const heard: string[] = [];
  const listening = theirs.hints(stop.signal, (hint) => {
    if (hint.type === 'account') heard.push(`account ${hint.seq}`);
  });
  await eventually(async () => heard.length > 0);
  await deleteBy('password');
  await eventually(async () => heard.length > 1);
  await expect(theirs.getChain(0)).rejects.toMatchObject({ kind: 'refused' });
  stop.abort();
  await listening.catch(() => undefined);
});
