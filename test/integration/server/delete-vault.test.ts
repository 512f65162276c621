import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/common/clock.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { eventually } from '../../helpers/eventually.ts';
import { startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import {
  acceptEntry,
  addDevice,
  createVault,
  login,
  makeCheckpoint,
  makeDevice,
  makeEntry,
  makeObject,
  type TestAccount,
  type TestDevice,
  type TestVault,
} from '../../helpers/test-account.ts';
import { connectDevice, connectTo, signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

let server: TestServer;
let later = 0;
let api: StorageApi;
let account: TestAccount;
let vault: TestVault;
let stays: TestVault;

const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
const gone = { kind: 'missing', reason: 'vault' };

beforeEach(async () => {
  later = 0;
  server = await startTestServer({ clock, quota: 2_000_000 });
  ({ api, account } = await signUp(server.connect));
  vault = await createVault(api, account);
  stays = await createVault(api, account);
});
afterEach(() => server.close());

/** By a session of its own, as `method` opens it. */
async function deleteBy(method: 'password' | 'recovery' | 'device', device: TestDevice = account.device) {
  const { token } = await login(api, account, method, device);
  await server.connect({ token: () => token }).deleteVault(vault.id);
}

/** A small and a large object that an entry retains. */
async function store(to: TestVault, by: StorageApi = api): Promise<void> {
  const [small, large] = [makeObject(4112), makeObject(200_000)];
  await by.putObjects(to.id, [small, large]);
  await by.appendEntry(to.id, acceptEntry(to, makeEntry(to, { retained: [small.id, large.id] })));
}

const single = async (dataDir: string): Promise<string[]> =>
  (await readdir(join(dataDir, 'objects', 'single'), { recursive: true })).filter((name) => name.length > 3);

/** Rows that belong to no account, and those of vaults that there are no more. */
function leftOver(dataDir: string): Record<string, number> {
  const db = new Database(join(dataDir, 'meta.db'), { readonly: true });
  const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
  const left = { graves: count('SELECT count(*) AS n FROM accounts WHERE length(record) = 0') };
  const orphans = ['device_seqs', 'entries', 'grants', 'checkpoints', 'objects'].map((table) => [
    table,
    count(`SELECT count(*) AS n FROM ${table} WHERE vault NOT IN (SELECT n FROM vaults)`),
  ]);
  db.close();
  return { ...left, ...Object.fromEntries(orphans) };
}
const nothing = { graves: 0, device_seqs: 0, entries: 0, grants: 0, checkpoints: 0, objects: 0 };

it('goes with all that it stored and gives its bytes back at once; others stay', async () => {
  const page = makeObject(8000);
  await api.putObjects(vault.id, [page]);
  await store(vault);
  await api.putCheckpoint(vault.id, makeCheckpoint(vault, [page.id]));
  await store(stays);
  const before = await api.quota();
  await deleteBy('password');

  expect((await api.listVaults()).map(({ vault: id }) => id)).toEqual([stays.id]);
  expect((await api.quota()).used).toBe(before.used - 212_112 - 3 * 1024);
  await expect(api.getLog(vault.id, 0)).rejects.toMatchObject(gone);
  await expect(api.getGrants(vault.id, 1)).rejects.toMatchObject(gone);
  await expect(api.getCheckpoint(vault.id)).rejects.toMatchObject(gone);
  await expect(api.getObject(vault.id, page.id)).rejects.toMatchObject(gone);
  await expect(api.heldObjects(vault.id, [page.id])).rejects.toMatchObject(gone);
  await expect(store(vault)).rejects.toMatchObject(gone);
  await expect(api.putCheckpoint(vault.id, makeCheckpoint(vault, []))).rejects.toMatchObject(gone);

  const used = (await api.quota()).used;
  expect((await server.collect()).objects).toBe(3);
  expect(await single(server.dataDir)).toHaveLength(1);
  expect(leftOver(server.dataDir)).toEqual(nothing);
  expect((await api.quota()).used).toBe(used);
  expect((await api.getLog(stays.id, 0)).entries).toHaveLength(2);
  const again = await createVault(api, account);
  expect((await api.listVaults()).map(({ vault: id }) => id)).toEqual([stays.id, again.id]);
});

it('may be deleted again, as after a lost answer, also when all of it is collected; and never comes back', async () => {
  await deleteBy('password');
  await deleteBy('password');
  await server.collect();
  await deleteBy('password');
  expect(await api.listVaults()).toHaveLength(1);
});

it('is deleted by nobody who has only a device, or the recovery words', async () => {
  const refused = { kind: 'refused', reason: 'password' };
  await expect(deleteBy('device')).rejects.toMatchObject(refused);
  await expect(deleteBy('recovery')).rejects.toMatchObject(refused);
  await expect(api.deleteVault(vault.id)).rejects.toMatchObject(refused);
  expect(await api.listVaults()).toHaveLength(2);
});

it('is deleted by no session that a device outside of the account opened, even by the password', async () => {
  await expect(deleteBy('password', makeDevice())).rejects.toMatchObject({ kind: 'refused', reason: 'device' });
  expect(await api.listVaults()).toHaveLength(2);
});

it('is not deleted by a session whose password was given a while ago', async () => {
  const { token } = await login(api, account, 'password');
  later = 301_000;
  const stale = server.connect({ token: () => token });
  await expect(stale.deleteVault(vault.id)).rejects.toMatchObject({ kind: 'refused', reason: 'password' });
  expect(await stale.listVaults()).toHaveLength(2);
});

it('is deleted by no other account', async () => {
  const other = await signUp(server.connect);
  const { token } = await login(other.api, other.account, 'password');
  await expect(server.connect({ token: () => token }).deleteVault(vault.id)).rejects.toMatchObject(gone);
  expect(await api.listVaults()).toHaveLength(2);
  expect((await api.getLog(vault.id, 0)).entries).toHaveLength(1);
});

it('leaves nothing of what was on its way, and says why that was not taken', async () => {
  const rival = connectDevice(server.connect, account);
  await store(vault, rival);
  const { token } = await login(api, account, 'password');
  const killer = server.connect({ token: () => token });
  const sent: Promise<unknown>[] = [];
  for (let count = 0; count < 12; count++) {
    const [alone, carried] = [makeObject(100_000), makeObject(70_000)];
    sent.push(rival.putObjects(vault.id, [alone, makeObject()]));
    if (count === 6) sent.push(killer.deleteVault(vault.id));
    sent.push(rival.appendEntry(vault.id, makeEntry(vault, { retained: [carried.id] }), { objects: [carried] }));
  }
  const outcomes = await Promise.allSettled(sent);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(gone);
  }
  expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
  await server.collect();
  expect(await single(server.dataDir)).toEqual([]);
  expect(leftOver(server.dataDir)).toEqual(nothing);
  expect((await api.quota()).used).toBe(0);
});

it('tells other devices, who find that it is not there', async () => {
  const second = makeDevice();
  await api.appendEvent(addDevice(account, second));
  const theirs = connectDevice(server.connect, account, second);
  const stop = new AbortController();
  const heard: string[] = [];
  const listening = theirs.hints(stop.signal, (hint) => {
    if (hint.type === 'vault') heard.push(`${hint.vault} ${hint.seq}`);
  });
  await eventually(async () => heard.length === 2);
  await deleteBy('password');
  await eventually(async () => heard.includes(`${vault.id} 2`));
  await expect(theirs.getLog(vault.id, 1)).rejects.toMatchObject(gone);
  expect((await theirs.getLog(stays.id, 0)).entries).toHaveLength(1);
  stop.abort();
  await listening.catch(() => undefined);
});

it('goes whole also if the server is killed before it is collected, or while it is', async () => {
  const program = join(import.meta.dirname, 'serve-child.ts');
  const dataDir = await tempFolder('killed');
  const start = async (collectInterval: number) => {
    const child = startNode([program, dataDir, JSON.stringify({ collectInterval })]);
    const { url } = JSON.parse(await child.line((line) => line.startsWith('{'), 30_000)) as { url: string };
    return { child, url };
  };
  const first = await start(3_600_000);
  const owner = await signUp((options) => connectTo(first.url, options));
  vault = await createVault(owner.api, owner.account);
  const objects = Array.from({ length: 1200 }, () => makeObject(66_000));
  await owner.api.putObjects(vault.id, objects);
  await owner.api.appendEntry(vault.id, makeEntry(vault, { retained: objects.map(({ id }) => id) }));
  const { token } = await login(owner.api, owner.account, 'password');
  await connectTo(first.url, { token: () => token }).deleteVault(vault.id);
  await owner.api.close();
  await first.child.kill('SIGKILL');
  expect(await single(dataDir)).toHaveLength(objects.length);

  const second = await start(1);
  await eventually(async () => (await single(dataDir)).length < objects.length);
  await second.child.kill('SIGKILL');
  const third = await start(1);
  await eventually(async () => (await single(dataDir)).length === 0);
  const after = connectDevice((options) => connectTo(third.url, options), owner.account);
  expect(await after.listVaults()).toEqual([]);
  await eventually(async () => leftOver(dataDir)['graves'] === 0);
  expect(leftOver(dataDir)).toEqual(nothing);
  await after.close();
  await third.child.kill('SIGKILL');
});
