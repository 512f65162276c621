import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId, type ObjectId } from '../../../src/common/ids.ts';
import type { ServerOptions } from '../../../src/server/start-server.ts';
import { encodeFrameHeader, entryFrameId } from '../../../src/wire/frame.ts';
import { appendEntry } from '../../../src/wire/schema.ts';
import { createVault, login, makeAccount, makeEntry, makeSignup, random } from '../../helpers/test-account.ts';
import { signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Behind a proxy, so that requests can come from elsewhere: this computer itself may ask more often. */
async function start(rates: ServerOptions['rates'] = {}, options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await startTestServer({ trustProxy: true, rates, ...options });
  servers.push(server);
  return server;
}

const few = (burst: number) => ({ burst, perSecond: 0.001 });
const json = { 'content-type': 'application/json' };

function ask({ url }: TestServer, path: string, { from = '203.0.113.7', token = '', body = '' } = {}) {
  const headers = { ...json, 'x-forwarded-for': from, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
  return fetch(`${url}/v1/${path}`, { headers, ...(body === '' ? {} : { method: 'POST', body }) });
}

const reasonOf = async (answer: Response): Promise<string> =>
  answer.ok ? 'ok' : ((await answer.json()) as { error: { reason: string } }).error.reason;

const reasons = async (asking: () => Promise<Response>, times: number): Promise<string[]> => {
  const all: string[] = [];
  for (let n = 0; n < times; n++) all.push(await reasonOf(await asking()));
  return all;
};

describe('how often one may ask', () => {
  it('without a session: by address', async () => {
    const server = await start({ prelogin: few(2) });
    const body = JSON.stringify({ email: 'ada@example.org' });
    expect(await reasons(() => ask(server, 'prelogin', { body }), 4)).toEqual(['ok', 'ok', 'rate', 'rate']);
    const limited = await ask(server, 'prelogin', { body });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(100);
    expect(await reasonOf(await ask(server, 'prelogin', { body, from: '203.0.113.8' }))).toBe('ok');
  });

  it('by the address that the proxy saw, not one that a client says it has', async () => {
    const server = await start({ prelogin: few(1) });
    const body = JSON.stringify({ email: 'ada@example.org' });
    const claimed = ['127.0.0.1', '203.0.113.8', '203.0.113.9'];
    const answers = await Promise.all(
      claimed.map((claim) => ask(server, 'prelogin', { body, from: `${claim}, 203.0.113.7` })),
    );
    expect((await Promise.all(answers.map(reasonOf))).sort()).toEqual(['ok', 'rate', 'rate']);
  });

  it('with tokens that are guessed: by address', async () => {
    const server = await start({ anonymous: few(2) });
    const guess = () => ask(server, 'vaults', { token: 'a'.repeat(43) });
    expect(await reasons(guess, 3)).toEqual(['session', 'session', 'rate']);
  });

  it('with a session, and how often one may append: by account, wherever one is', async () => {
    const server = await start({ request: few(4), append: few(1) });
    const { api, account } = await signUp(server.connect);
    const vault = await createVault(api, account);
    const { token } = await login(api, account);
    const append = () => ask(server, `vaults/${vault.id}/log`, { token, body: '{}' });
    const [first, second] = await reasons(append, 2);
    expect([first === 'rate', second]).toEqual([false, 'rate']);
    const read = (from: string) => reasons(() => ask(server, 'vaults', { token, from }), 1);
    expect([await read('203.0.113.1'), await read('203.0.113.2'), await read('203.0.113.3')]).toEqual([
      ['ok'],
      ['ok'],
      ['rate'],
    ]);
  });
});

describe('who may sign up', () => {
  const signup = (server: TestServer, invite: string | null) => {
    const account = makeAccount();
    return server.connect().signup({ ...makeSignup(account), ...(invite === null ? {} : { invite }) });
  };
  const refused = { kind: 'refused', reason: 'signup-closed' };

  it('nobody, if that is so', async () => {
    const server = await start({}, { signup: 'closed' });
    const message = 'This server takes no new accounts.';
    for (const invite of [null, '', 'closed'])
      await expect(signup(server, invite)).rejects.toMatchObject({ ...refused, message });
  });

  it('who knows the word, if there is one', async () => {
    const server = await start({}, { signup: { invite: 'heron' } });
    for (const invite of [null, '', 'Heron', 'heron '])
      await expect(signup(server, invite)).rejects.toMatchObject(refused);
    await signup(server, 'heron');
  });
});

describe('objects', () => {
  const octets = { 'content-type': 'application/octet-stream' };
  const frame = (id: string, body: Uint8Array) => Buffer.concat([encodeFrameHeader(id as ObjectId, body.length), body]);
  const many = (count: number, bytes = 1) =>
    Array.from({ length: count }, () => frame(newId(random), new Uint8Array(bytes).fill(1)));

  async function begin() {
    const server = await start();
    const { api, account } = await signUp(server.connect);
    const vault = await createVault(api, account);
    const { token } = await login(api, account);
    const send = async (method: string, path: string, frames: readonly Buffer[]) =>
      reasonOf(
        await fetch(`${server.url}/v1/vaults/${vault.id}/${path}`, {
          method,
          headers: { ...octets, authorization: `Bearer ${token}` },
          body: Buffer.concat(frames),
        }),
      );
    const json = Buffer.from(JSON.stringify(z.encode(appendEntry, { entry: makeEntry(vault), grants: null })));
    return { server, api, vault, token, send, entry: (id: string = entryFrameId) => frame(id, json) };
  }

  it('come so many to a body at most, and none twice', async () => {
    const { send } = await begin();
    const twice = many(1)[0] as Buffer;
    expect(await send('POST', 'objects', many(2049))).toBe('count');
    expect(await send('POST', 'objects', [twice, twice])).toBe('frames');
    expect(await send('POST', 'objects', many(2048))).toBe('ok');
  });

  it('come behind their entry, so many and so large at most', async () => {
    const { send, entry } = await begin();
    expect(await send('POST', 'log', [])).toBe('frames');
    expect(await send('POST', 'log', [entry(newId(random))])).toBe('frames');
    expect(await send('POST', 'log', [entry(), ...many(2049)])).toBe('too-large');
    expect(await send('POST', 'log', [entry(), ...many(3, 3 * 1024 * 1024)])).toBe('too-large');
    expect(await send('POST', 'log', [entry(), ...many(2)])).toBe('ok');
  });

  it('have no range that is not within them', async () => {
    const { server, api, vault, token } = await begin();
    const object = { id: newId<ObjectId>(random), bytes: Buffer.from('abcde') };
    await api.putObjects(vault.id, [object]);
    const get = (range: string) =>
      fetch(`${server.url}/v1/vaults/${vault.id}/objects/${object.id}`, {
        headers: { authorization: `Bearer ${token}`, range },
      });
    for (const range of [
      'bytes=3-2',
      'bytes=5-',
      'bytes=5-9',
      'bytes=-1',
      'bytes=0-1,2-3',
      'octets=0-1',
      'bytes=x-1',
    ]) {
      expect([range, await reasonOf(await get(range))]).toEqual([range, 'range']);
    }
    expect(await (await get('bytes=1-99')).text()).toBe('bcde');
  });
});

it('takes no text for JSON', async () => {
  const server = await start();
  const body = JSON.stringify({ email: 'ada@example.org' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const answer = await fetch(`${server.url}/v1/prelogin`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect([type, await reasonOf(answer)]).toEqual([type, 'content-type']);
  }
});
