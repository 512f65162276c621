import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/common/clock.ts';
import { must } from '../../../src/common/errors.ts';
import { newId, type ObjectId } from '../../../src/common/ids.ts';
import { parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import type { Hint } from '../../../src/remote/storage-api.ts';
import type { ServerOptions } from '../../../src/server/start-server.ts';
import { encodeFrameHeader } from '../../../src/wire/frame.ts';
import { maxEventBytes, maxRecordBytes } from '../../../src/wire/limits.ts';
import { type Route, routes } from '../../../src/wire/route.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import {
  accept,
  acceptEntry,
  addDevice,
  bytes,
  createVault,
  login,
  makeAccount,
  makeCheckpoint,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeObject,
  makeSignup,
  random,
} from '../../helpers/test-account.ts';
import { connectDevice, signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  servers.push(server);
  return server;
}

async function begin(options: Partial<ServerOptions> = {}) {
  const server = await start(options);
  const { api, account } = await signUp(server.connect);
  const vault = await createVault(api, account);
  const token = (await login(api, account)).token;
  const fetchApi = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  return { server, api, account, vault, fetchApi };
}

/** A clock that is moved by hand. What sleeps wakes when its time has come. */
function handClock(): Clock & { advance(ms: number): void } {
  let offset = 0;
  return {
    ...systemClock,
    now: () => 1_700_000_000_000 + offset,
    advance: (ms) => {
      offset += ms;
    },
  };
}

const day = 24 * 3_600_000;
const errorOf = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error;

it('a session lasts a day, and not until the former time comes again once the clock was set back', async () => {
  const clock = handClock();
  const { fetchApi } = await begin({ clock });
  for (const [hours, status] of [
    [23, 200],
    [24, 401],
    [-23, 200],
    [-1000, 401],
  ] as const) {
    clock.advance(hours * 3_600_000);
    expect((await fetchApi('/vaults')).status, String(hours)).toBe(status);
    clock.advance(-hours * 3_600_000);
  }
});

describe('judging entries', () => {
  it('refuses what does not fit the account, the device or the log', async () => {
    const { api, account, vault } = await begin();
    const refusal = (entry: Parameters<typeof api.appendEntry>[1], grants?: Uint8Array) =>
      expect(api.appendEntry(vault.id, entry, grants === undefined ? {} : { grants })).rejects;
    await refusal(makeEntry(vault, { key: signingKey(bytes(32)) })).toMatchObject({
      kind: 'refused',
      reason: 'signature',
    });
    await refusal({ ...makeEntry(vault), signature: bytes(64) }).toMatchObject({ reason: 'signature' });
    await refusal(makeEntry(vault, { deviceSeq: 7 })).toMatchObject({ reason: 'device-seq' });
    await refusal(makeEntry(vault, { accountHead: bytes(32) })).toMatchObject({ reason: 'account-head' });
    await refusal(makeEntry(vault, { epoch: 3 })).toMatchObject({ reason: 'epoch' });
    await refusal(makeEntry(vault, { epoch: 2 })).toMatchObject({ kind: 'usage', reason: 'format' });
    await refusal(makeEntry(vault), makeGrants(vault)).toMatchObject({ reason: 'format' });
    await refusal(makeEntry(vault, { epoch: 2 }), makeGrants(vault, 3)).toMatchObject({ reason: 'format' });
    await refusal({ ...makeEntry(vault), ciphertext: bytes(400) }).toMatchObject({ reason: 'format' });
    await refusal({ ...makeEntry(vault), retained: [newId<ObjectId>(random)] }).toMatchObject({ reason: 'format' });
    await refusal({ ...makeEntry(vault), header: bytes(100) }).toMatchObject({ reason: 'format' });
    const stranger = makeDevice();
    await refusal(makeEntry(vault, { device: stranger })).toMatchObject({ reason: 'device' });
    const id = newId<ObjectId>(random);
    await refusal(makeEntry(vault, { retained: [id], released: [id] })).toMatchObject({ reason: 'format' });
    expect((await api.getLog(vault.id, 0)).head).toEqual(vault.head);
    expect(account.head.seq).toBe(4);
  });

  it('demands a new epoch after a device was revoked', async () => {
    const { api, account, vault } = await begin();
    const device = makeDevice();
    await api.appendEvent(accept(account, addDevice(account, device)));
    const before = account.head.hash;
    await api.appendEvent(accept(account, makeEvent(account, { kind: 'device-revoke', device: device.id })));
    await expect(api.appendEntry(vault.id, makeEntry(vault))).rejects.toMatchObject({ reason: 'epoch' });
    // An author who has not heard of it writes on, as FORMAT.md 10 allows.
    expect(
      await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault, { accountHead: before }))),
    ).toMatchObject({
      status: 'done',
    });
    vault.epoch = 2;
    const grants = makeGrants(vault, 2);
    expect(await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault)), { grants })).toMatchObject({
      status: 'done',
    });
    await expect(api.appendEntry(vault.id, makeEntry(vault, { accountHead: before }))).rejects.toMatchObject({
      reason: 'account-head',
    });
  });

  it('refuses forged events, records and checkpoints', async () => {
    const { api, account, vault, server } = await begin();
    const thief = { ...account, identity: signingKey(bytes(32)) };
    await expect(api.appendEvent(addDevice(thief, makeDevice()))).rejects.toMatchObject({ kind: 'usage' });
    const added = addDevice(account, makeDevice());
    await expect(api.appendEvent({ ...added, deviceSignature: bytes(64) })).rejects.toMatchObject({ kind: 'usage' });
    const again = addDevice(account, account.device);
    await expect(api.appendEvent(again)).rejects.toMatchObject({ kind: 'usage' });
    const other = makeAccount();
    const signup = makeSignup(other);
    await expect(
      server.connect().signup({ ...signup, record: { ...signup.record, signature: bytes(64) } }),
    ).rejects.toMatchObject({ kind: 'refused', reason: 'signature' });
    const checkpoint = makeCheckpoint(vault, []);
    await expect(api.putCheckpoint(vault.id, { ...checkpoint, signature: bytes(64) })).rejects.toMatchObject({
      reason: 'signature',
    });
    await expect(api.putCheckpoint(vault.id, { ...checkpoint, box: bytes(9) })).rejects.toMatchObject({
      kind: 'usage',
    });
    await expect(
      api.putCheckpoint(vault.id, makeCheckpoint(vault, [], { seq: 1, hash: bytes(32) })),
    ).rejects.toMatchObject({ kind: 'usage' });
  });
});

it('SRV-22 entries stand in their order, whatever the clock of the server says', async () => {
  const clock = handClock();
  const { server, account, vault } = await begin({ clock });
  for (const days of [400, -800, 1]) {
    clock.advance(days * day);
    // A session may be over by then; a device signs in again by itself.
    const device = connectDevice(server.connect, account);
    expect(await device.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault)))).toMatchObject({ status: 'done' });
  }
  const { entries } = await connectDevice(server.connect, account).getLog(vault.id, 0);
  expect(entries.map(({ header }) => parseEntryHeader(header).seq)).toEqual([1, 2, 3, 4]);
});

describe('collection', () => {
  const grace = { released: 30 * day, unreferenced: 7 * day };

  it('removes what nothing needs, after its grace period and not before', async () => {
    const clock = handClock();
    const { server, api, vault } = await begin({ clock, grace });
    const [kept, loose, released] = [makeObject(), makeObject(100_000), makeObject(70_000)];
    await api.putObjects(vault.id, [kept, loose, released]);
    await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault, { retained: [kept.id, released.id] })));
    await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault, { released: [released.id] })));
    clock.advance(7 * day - 1);
    expect(await server.collect()).toMatchObject({ objects: 0 });
    clock.advance(1);
    expect(await server.collect()).toMatchObject({ objects: 1, bytes: 100_000 });
    const ids = [kept.id, loose.id, released.id];
    expect(await api.heldObjects(vault.id, ids)).toEqual(new Set([kept.id, released.id]));
    clock.advance(23 * day);
    expect(await server.collect()).toMatchObject({ objects: 1 });
    expect(await api.heldObjects(vault.id, ids)).toEqual(new Set([kept.id]));
    expect(await api.quota()).toEqual({ limit: null, used: 4112 + 1024, pending: 0 });
    const files = await readdir(join(server.dataDir, 'objects', 'single'), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile())).toEqual([]);
  });

  it('cancels the end of an object that is retained in time', async () => {
    const clock = handClock();
    const { server, api, vault } = await begin({ clock, grace });
    const object = makeObject();
    await api.putObjects(vault.id, [object]);
    clock.advance(7 * day - 1);
    await api.appendEntry(vault.id, makeEntry(vault, { retained: [object.id] }));
    clock.advance(1000 * day);
    expect(await server.collect()).toMatchObject({ objects: 0 });
    expect(await api.getObject(vault.id, object.id)).toEqual(object.bytes);
  });

  it('keeps the pages of a checkpoint while it is the latest, and then as long as what is released', async () => {
    const clock = handClock();
    const { server, api, vault } = await begin({ clock, grace });
    const page = makeObject();
    await api.putObjects(vault.id, [page]);
    await api.putCheckpoint(vault.id, makeCheckpoint(vault, [page.id]));
    clock.advance(1000 * day);
    expect(await server.collect()).toMatchObject({ objects: 0 });
    await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault)));
    await api.putCheckpoint(vault.id, makeCheckpoint(vault, []));
    clock.advance(30 * day - 1);
    expect(await server.collect()).toMatchObject({ objects: 0 });
    clock.advance(1);
    expect(await server.collect()).toMatchObject({ objects: 1 });
  });

  it('tells an author whose upload went meanwhile what to put again', async () => {
    const clock = handClock();
    const { server, api, vault } = await begin({ clock, grace });
    const object = makeObject();
    await api.putObjects(vault.id, [object]);
    clock.advance(7 * day);
    await server.collect();
    const entry = makeEntry(vault, { retained: [object.id] });
    expect(await api.appendEntry(vault.id, entry)).toEqual({ status: 'objects-missing', missing: [object.id] });
    expect(await api.appendEntry(vault.id, entry, { objects: [object] })).toMatchObject({ status: 'done' });
  });

  it('SRV-13 never takes what is put and retained while it runs', async () => {
    const clock = handClock();
    const { server, api, vault } = await begin({ clock, grace: { released: 0, unreferenced: 50 } });
    const kept: ReturnType<typeof makeObject>[] = [];
    for (let round = 0; round < 15; round++) {
      const object = makeObject(round % 2 === 0 ? 4112 : 70_000);
      clock.advance(20);
      const [, outcome] = await Promise.all([
        server.collect(),
        api.appendEntry(vault.id, makeEntry(vault, { retained: [object.id] }), { objects: [object] }),
      ]);
      expect(outcome.status).toBe('done');
      acceptEntry(vault, makeEntry(vault));
      if (outcome.status === 'done') vault.head = outcome.head;
      kept.push(object);
    }
    for (const { id, bytes: expected } of kept) {
      expect(Buffer.compare(await api.getObject(vault.id, id), expected)).toBe(0);
    }
  });

  it('SRV-12 heals a damaged object when someone puts it again', async () => {
    const { server, api, vault } = await begin();
    const object = makeObject(100_000);
    await api.putObjects(vault.id, [object]);
    const folder = join(server.dataDir, 'objects', 'single', object.id.slice(0, 2));
    const [name] = await readdir(folder);
    await writeFile(join(folder, name ?? ''), bytes(100_000));
    await expect(api.getObject(vault.id, object.id)).rejects.toMatchObject({ kind: 'missing' });
    const other = api.putObjects(vault.id, [{ id: object.id, bytes: bytes(100_000) }]);
    await expect(other).rejects.toMatchObject({ kind: 'refused', reason: 'object-differs' });
    await api.putObjects(vault.id, [object]);
    expect(Buffer.compare(await api.getObject(vault.id, object.id), object.bytes)).toBe(0);
  });
});

it('of two who put other bytes under one id at one time only one is told that it is stored', async () => {
  const { api, vault } = await begin();
  for (const length of [5000, 100_000]) {
    const objects = [makeObject(length), makeObject(length)];
    const { id } = must(objects[0]);
    const ends = await Promise.allSettled(objects.map(({ bytes }) => api.putObjects(vault.id, [{ id, bytes }])));
    const stored = ends.findIndex(({ status }) => status === 'fulfilled');
    expect(ends[1 - stored]).toMatchObject({ status: 'rejected', reason: { reason: 'object-differs' } });
    expect(Buffer.compare(await api.getObject(vault.id, id), must(objects[stored]).bytes)).toBe(0);
  }
});

describe('quota', () => {
  it('is kept before an upload is read, and lets entries through that need none', async () => {
    const { api, vault } = await begin({ quota: 20_000 });
    await api.putObjects(vault.id, [makeObject(8000)]);
    const full = { kind: 'limit', reason: 'quota' };
    await expect(api.putObjects(vault.id, [makeObject(12_000)])).rejects.toMatchObject(full);
    await expect(api.putObjects(vault.id, [makeObject(5000), makeObject(5000)])).rejects.toMatchObject(full);
    const object = makeObject(12_000);
    const entry = makeEntry(vault, { retained: [object.id] });
    await expect(api.appendEntry(vault.id, entry, { objects: [object] })).rejects.toMatchObject(full);
    expect(await api.appendEntry(vault.id, makeEntry(vault))).toMatchObject({ status: 'done' });
    expect(await api.quota()).toEqual({ limit: 20_000, used: 9024, pending: 9024 });
  });

  it('is not passed by objects that come with entries that are too late', async () => {
    const { api, vault } = await begin({ quota: 20_000 });
    const [late, first] = [makeEntry(vault), makeEntry(vault)];
    await api.appendEntry(vault.id, first);
    const send = () => api.appendEntry(vault.id, late, { objects: [makeObject(9000)] });
    expect(await send()).toMatchObject({ status: 'moved' });
    await expect(send()).rejects.toMatchObject({ kind: 'limit', reason: 'quota' });
    expect((await api.quota()).used).toBe(9000 + 1024);
  });

  it('is not passed by what comes with entries that are refused', async () => {
    const { api, vault, server } = await begin({ quota: 200_000 });
    const unsigned = { ...makeEntry(vault), signature: new Uint8Array(64) };
    const refused = { kind: 'refused', reason: 'signature' };
    await expect(api.appendEntry(vault.id, unsigned, { objects: [makeObject(60_000)] })).rejects.toMatchObject(refused);
    const objects = [makeObject(60_000), makeObject(60_000), makeObject(60_000), makeObject(60_000)];
    const full = { kind: 'limit', reason: 'quota' };
    await expect(api.appendEntry(vault.id, makeEntry(vault), { objects })).rejects.toMatchObject(full);
    expect(await readdir(join(server.dataDir, 'objects/packs'))).toEqual([]);
  });

  it('is not passed by what comes with an entry that is there already', async () => {
    const { api, vault, server } = await begin({ quota: 200_000 });
    const entry = makeEntry(vault);
    for (const objects of [[], [makeObject(100_000)]]) {
      expect(await api.appendEntry(vault.id, entry, { objects })).toMatchObject({ status: 'done' });
    }
    const names = await readdir(join(server.dataDir, 'objects/single'), { recursive: true });
    expect(names.filter((name) => name.includes('-'))).toEqual([]);
  });

  it.each(['late', 'first'])(
    'is not passed by one object that comes with many entries at once, the %s',
    async (which) => {
      const { api, vault, server } = await begin({ quota: 10_000_000 });
      const entries = { late: makeEntry(vault), first: makeEntry(vault) };
      if (which === 'late') await api.appendEntry(vault.id, entries.first);
      const objects = [makeObject(100_000)];
      const entry = which === 'late' ? entries.late : entries.first;
      await Promise.all(Array.from({ length: 20 }, () => api.appendEntry(vault.id, entry, { objects })));
      const names = await readdir(join(server.dataDir, 'objects/single'), { recursive: true });
      expect(names.filter((name) => name.includes('-')).length).toBeLessThan(2);
    },
  );

  it('is not passed by uploads side by side', async () => {
    const { api, vault, server } = await begin({ quota: 100_000 });
    const puts = await Promise.allSettled(
      Array.from({ length: 30 }, () => api.putObjects(vault.id, [makeObject(9000)])),
    );
    const done = puts.filter(({ status }) => status === 'fulfilled').length;
    expect(done).toBeGreaterThan(0);
    expect((await api.quota()).used).toBe(done * (9000 + 1024));
    expect(done).toBeLessThanOrEqual(9);
    expect((await server.collect()).objects).toBe(0);
  });
});

describe('limits and manners over HTTP', () => {
  it('refuses bodies that are too large, before it reads them', async () => {
    const { fetchApi, vault, server } = await begin();
    const large = await fetchApi(`/vaults/${vault.id}/objects/${newId(random)}`, {
      method: 'PUT',
      body: new Uint8Array(4_194_321),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(large.status).toBe(413);
    expect(await errorOf(large)).toMatchObject({ kind: 'limit', reason: 'too-large' });
    for (const path of ['prelogin', 'signup', 'login', 'nothing']) {
      const json = await fetch(`${server.url}/v1/${path}`, {
        method: 'POST',
        body: JSON.stringify({ email: 'x'.repeat(65_536) }),
        headers: { 'content-type': 'application/json' },
      });
      expect(json.status).toBe(413);
    }
    const record = { body: bytes(maxRecordBytes), signature: bytes(64) };
    const event = { event: bytes(maxEventBytes), signature: bytes(64), deviceSignature: bytes(64) };
    const signup = z.encode(routes.signup.request.schema, { record, events: [event, event, event], invite: null });
    const largest = await fetch(`${server.url}/v1/signup`, {
      method: 'POST',
      body: JSON.stringify({ ...signup, invite: 'x'.repeat(128) }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await errorOf(largest)).toMatchObject({ kind: 'usage', reason: 'format' });
  });

  it.each([
    ['half a frame', Buffer.alloc(10)],
    ['a frame that is longer than the body', encodeFrameHeader(newId<ObjectId>(random), 100)],
    ['an empty object', encodeFrameHeader(newId<ObjectId>(random), 0)],
    ['nothing', new Uint8Array(0)],
  ])('refuses %s', async (_, body) => {
    const { fetchApi, vault } = await begin();
    const headers = { 'content-type': 'application/octet-stream' };
    for (const path of ['objects', 'log']) {
      const response = await fetchApi(`/vaults/${vault.id}/${path}`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers,
      });
      expect([400, 413]).toContain(response.status);
    }
  });

  it.each([
    ['text', 'text/plain', 'hello', 400],
    ['broken JSON', 'application/json', '{', 400],
    ['a prototype', 'application/json', '{"__proto__":{},"email":"a@b"}', 400],
    ['unknown fields', 'application/json', '{"email":"a@b","admin":true}', 400],
    ['the wrong type', 'application/json', '{"email":7}', 400],
  ])('refuses %s', async (_, type, body, status) => {
    const server = await start();
    const response = await fetch(`${server.url}/v1/prelogin`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect([await errorOf(response), response.status]).toEqual([
      expect.objectContaining({ message: expect.any(String) }),
      status,
    ]);
  });

  it('asks for a session wherever one is needed, and for a device’s where that is needed', async () => {
    const { server } = await begin();
    const account = makeAccount();
    await server.connect().signup(makeSignup(account));
    const joining = await login(server.connect(), account, 'password', makeDevice());
    for (const route of Object.values(routes) as Route[]) {
      const url = `${server.url}/v1${route.path.replace(/:epoch/, '1').replace(/:\w+/g, newId(random))}`;
      const body = route.method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
      const anonymous = await fetch(url, { method: route.method, ...body });
      if (route.auth === 'none' || route.auth === 'operator') {
        expect(anonymous.status).not.toBe(401);
        continue;
      }
      expect([route.path, anonymous.status]).toEqual([route.path, 401]);
      expect(await errorOf(anonymous)).toMatchObject({ kind: 'refused', reason: 'session' });
      if (route.auth !== 'device') continue;
      const headers = { authorization: `Bearer ${joining.token}`, 'content-type': 'application/json' };
      const early = await fetch(url, {
        method: route.method,
        ...(route.method === 'GET' ? {} : { body: '{}' }),
        headers,
      });
      expect([route.path, early.status]).toEqual([route.path, 403]);
    }
  });

  it('answers nonsense in the address with a clear error', async () => {
    const { fetchApi, vault } = await begin();
    expect((await fetchApi('/vaults/xyz/log')).status).toBe(400);
    expect((await fetchApi(`/vaults/${vault.id}/log?after=-1`)).status).toBe(400);
    expect((await fetchApi(`/vaults/${vault.id}/log?what=1`)).status).toBe(400);
    expect((await fetchApi(`/vaults/${vault.id}/grants/0`)).status).toBe(400);
    expect((await fetchApi('/nothing')).status).toBe(404);
    for (const [path, reason] of [
      ['/%zz', 'request'],
      [`/vaults/${'a'.repeat(100)}/log`, 'too-large'],
    ] as const) {
      expect(await errorOf(await fetchApi(path))).toMatchObject({ reason });
    }
    const object = newId(random);
    expect((await fetchApi(`/vaults/${vault.id}/objects/${object}`)).status).toBe(404);
  });

  it('lets no one sign up who is not invited', async () => {
    const server = await start({ signup: { invite: 'open sesame' } });
    const signup = makeSignup(makeAccount());
    await expect(server.connect().signup(signup)).rejects.toMatchObject({ kind: 'refused', reason: 'signup-closed' });
    await expect(server.connect().signup({ ...signup, invite: 'open' })).rejects.toMatchObject({ kind: 'refused' });
    expect(await server.connect().signup({ ...signup, invite: 'open sesame' })).toMatchObject({ chain: { seq: 3 } });
  });

  it('describes each of its routes', async () => {
    const server = await start();
    const document = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string; requestBody?: unknown }>>;
    };
    const described = Object.values(document.paths).flatMap((path) => Object.values(path).map((of) => of.operationId));
    expect(described.sort()).toEqual(Object.keys(routes).sort());
    expect(document.paths['/v1/vaults/{vault}/log']?.['post']?.requestBody).toBeDefined();
    expect(JSON.stringify(document)).toContain('contentEncoding');
  });

  it('counts for its operator', async () => {
    const { server, api, vault } = await begin({ metricsToken: 'secret' });
    await api.putObjects(vault.id, [makeObject()]);
    const text = await (await fetch(`${server.url}/v1/metrics`)).text();
    expect(text).toMatch(/^holdfast_objects_in_total 1$/m);
    expect(text).toMatch(/^holdfast_requests_total\{route="POST \/v1\/vaults",status="200"\} 1$/m);
    const proxied = await start({ trustProxy: true, metricsToken: 'secret' });
    expect((await fetch(`${proxied.url}/v1/metrics`)).status).toBe(403);
    const headers = { authorization: 'Bearer secret' };
    expect((await fetch(`${proxied.url}/v1/metrics`, { headers })).status).toBe(200);
  });

  it('logs no token, no address and no e-mail', async () => {
    const lines: string[] = [];
    const logger = { log: (...parts: unknown[]) => void lines.push(JSON.stringify(parts)) };
    const { account, api, vault } = await begin({ logger });
    await api.putObjects(vault.id, [makeObject()]);
    const token = (await login(api, account, 'password')).token;
    const all = lines.join('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(all).not.toContain(account.email);
    expect(all).not.toContain(token);
    expect(all).not.toContain('127.0.0.1');
  });
});

describe('the data folder', () => {
  it('is for one server at a time', async () => {
    const { server } = await begin();
    await expect(startTestServer({ dataDir: server.dataDir })).rejects.toMatchObject({
      kind: 'refused',
      reason: 'in-use',
    });
    await server.close();
    servers.splice(0);
    await start({ dataDir: server.dataDir });
  });

  it.runIf(process.getuid?.() === 0)(
    'of another user is left alone: they could not read what root puts there',
    async () => {
      const { server } = await begin();
      await server.close();
      servers.splice(0);
      await chown(join(server.dataDir, 'meta.db'), 65_534, 65_534);
      const before = await readdir(server.dataDir);
      await expect(startTestServer({ dataDir: server.dataDir })).rejects.toMatchObject({
        kind: 'refused',
        reason: 'other-user',
      });
      expect(await readdir(server.dataDir)).toEqual(before);
      await chown(join(server.dataDir, 'meta.db'), 0, 0);
      await start({ dataDir: server.dataDir });
    },
  );

  it('whose lock cannot be had for another reason is not said to be in use', async () => {
    const damaged = await tempFolder('damaged');
    await writeFile(join(damaged, 'lock'), 'no database'.repeat(100));
    await expect(startTestServer({ dataDir: damaged })).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
  });

  it('SRV-18 of a newer format is refused untouched, as is someone else’s', async () => {
    const newer = await tempFolder('newer');
    await writeFile(join(newer, 'format'), 'holdfast-server 2\n');
    await expect(startTestServer({ dataDir: newer })).rejects.toMatchObject({ kind: 'version' });
    expect(await readdir(newer)).toEqual(['format']);
    await writeFile(join(newer, 'format'), 'holdfast-server');
    await expect(startTestServer({ dataDir: newer })).rejects.toMatchObject({ kind: 'corrupt' });
    const foreign = await tempFolder('foreign');
    await writeFile(join(foreign, 'thesis.txt'), 'years of work');
    await expect(startTestServer({ dataDir: foreign })).rejects.toMatchObject({ kind: 'usage' });
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
  });

  it('without its database is refused, and no object in it is taken for waste', async () => {
    const { server, api, vault } = await begin();
    const [small, large] = [makeObject(), makeObject(100_000)];
    await api.putObjects(vault.id, [small, large]);
    await server.close();
    servers.splice(0);
    const path = join(server.dataDir, 'meta.db');
    const database = await readFile(path);
    const objects = async () => (await readdir(join(server.dataDir, 'objects'), { recursive: true })).toSorted();
    const before = await objects();
    for (const lose of [() => rm(path), () => writeFile(path, '')]) {
      await lose();
      await expect(startTestServer({ dataDir: server.dataDir })).rejects.toMatchObject({ kind: 'corrupt' });
    }
    expect(await objects()).toEqual(before);
    await writeFile(path, database);
    await start({ dataDir: server.dataDir });
  });

  it('is readable by its owner only', async () => {
    const dataDir = join(await tempFolder('modes'), 'data');
    await mkdir(dataDir, { mode: 0o755 });
    await chmod(dataDir, 0o755);
    await start({ dataDir });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dataDir, 'format'), 'utf8')).toBe('holdfast-server 1\n');
  });

  it('keeps all over a restart', async () => {
    const { server, api, account, vault } = await begin();
    const object = makeObject();
    await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault, { retained: [object.id] })), {
      objects: [object],
    });
    await server.close();
    servers.splice(0);
    const again = await start({ dataDir: server.dataDir });
    const later = connectDevice(again.connect, account);
    expect((await later.getLog(vault.id, 0)).head).toEqual(vault.head);
    expect(await later.getObject(vault.id, object.id)).toEqual(object.bytes);
  });

  it('SRV-15 that is gone and made anew knows no one', async () => {
    const { server, account } = await begin();
    await server.close();
    servers.splice(0);
    await rm(server.dataDir, { recursive: true });
    const again = await start({ dataDir: server.dataDir });
    await expect(connectDevice(again.connect, account).listVaults()).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('event streams', () => {
  it('show signs of life, and end with the device', async () => {
    const { server, api, account } = await begin({ heartbeat: 10 });
    const device = makeDevice();
    await api.appendEvent(accept(account, addDevice(account, device)));
    const token = (await login(api, account, 'device', device)).token;
    const response = await fetch(`${server.url}/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while ((text.match(/^: $/gm) ?? []).length < 3) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toContain('event: account');
    await api.appendEvent(accept(account, makeEvent(account, { kind: 'device-revoke', device: device.id })));
    for (let done = false; !done; ) ({ done } = await reader.read());
  });

  it('come back after the server was away', async () => {
    const { server, account, vault } = await begin({ heartbeat: 10 });
    const port = Number(new URL(server.url).port);
    const stop = new AbortController();
    const hints: Hint[] = [];
    const client = connectDevice(server.connect, account);
    const listening = client.hints(stop.signal, (hint) => hints.push(hint));
    await eventually(() => hints.some(({ type }) => type === 'vault'));
    // Only the server goes; its clients stay.
    servers.splice(0);
    await server.closeServer();
    await eventually(() => hints.some(({ type }) => type === 'disconnected'));
    hints.splice(0);
    await start({ dataDir: server.dataDir, listen: { host: '127.0.0.1', port } });
    await eventually(() => hints.some((hint) => hint.type === 'vault' && hint.vault === vault.id));
    stop.abort();
    await listening;
    await client.close();
  });

  it('cost little: two hundred of them', async () => {
    const { server, fetchApi, account } = await begin();
    const accounts = await Promise.all(Array.from({ length: 4 }, () => signUp(server.connect)));
    expect(accounts).toHaveLength(4);
    const tokens = await Promise.all(accounts.map(({ api, account: of }) => login(api, of)));
    const streams = await Promise.all(
      tokens.flatMap(({ token }) =>
        Array.from({ length: 50 }, () =>
          fetch(`${server.url}/v1/events`, { headers: { authorization: `Bearer ${token}` } }),
        ),
      ),
    );
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    const text = await (await fetchApi('/metrics')).text();
    expect(text).toMatch(/^holdfast_event_streams 200$/m);
    expect(account.head.seq).toBe(4);
    await Promise.all(streams.map(({ body }) => body?.cancel()));
  });
});

describe('rude clients', () => {
  it('may end a body in the middle; nothing of it is kept', async () => {
    const { server, api, account, vault } = await begin();
    const { token } = await login(api, account);
    const object = makeObject(50_000);
    const { hostname, port } = new URL(server.url);
    const socket = connectSocket(Number(port), hostname);
    socket.write(
      `PUT /v1/vaults/${vault.id}/objects/${object.id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
        'content-type: application/octet-stream\r\ncontent-length: 50000\r\n\r\n',
    );
    socket.resume().end(object.bytes.subarray(0, 20_000));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await api.heldObjects(vault.id, [object.id])).toEqual(new Set());
    await api.putObjects(vault.id, [object]);
    expect(await api.getObject(vault.id, object.id)).toEqual(object.bytes);
  });

  it('do not use up the memory for bodies', async () => {
    const { api, vault } = await begin({ bodyMemory: 4_300_000 });
    const objects = Array.from({ length: 6 }, () => makeObject(4_194_320));
    await Promise.all(objects.map((object) => api.putObjects(vault.id, [object])));
    let count = 0;
    for await (const { bytes: found } of api.getObjects(
      vault.id,
      objects.map(({ id }) => id),
    )) {
      expect(Buffer.compare(found ?? new Uint8Array(), objects[count]?.bytes ?? new Uint8Array())).toBe(0);
      count++;
    }
  });
});
