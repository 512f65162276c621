import { afterEach, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../../src/server/start-server.ts';
import { createVault, login, makeAccount, makeSignup } from '../../helpers/test-account.ts';
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
    for (const invite of [null, '', 'closed']) await expect(signup(server, invite)).rejects.toMatchObject(refused);
  });

  it('who knows the word, if there is one', async () => {
    const server = await start({}, { signup: { invite: 'heron' } });
    for (const invite of [null, '', 'Heron', 'heron '])
      await expect(signup(server, invite)).rejects.toMatchObject(refused);
    await signup(server, 'heron');
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
    expect([type, await reasonOf(answer)]).not.toContain('ok');
    expect(answer.status).toBeLessThan(500);
  }
});
