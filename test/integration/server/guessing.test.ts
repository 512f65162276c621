import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { loginRequest } from '../../../src/wire/schema.ts';
import { bytes, login, makeAccount, makeRecord, recordEvent, type TestAccount } from '../../helpers/test-account.ts';
import { signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

let server: TestServer;
afterEach(() => server.close());

/** Of the API, what a sign-in takes, from an address on the net: by what the proxy in front says. */
function from(address: string): StorageApi {
  const post = async (path: string, body?: unknown): Promise<never> => {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as { error?: { reason: string } };
    if (json.error !== undefined) throw new Error(json.error.reason);
    return json as never;
  };
  const api: Pick<StorageApi, 'origin' | 'challenge' | 'login'> = {
    origin: server.url,
    challenge: async () =>
      new Uint8Array(Buffer.from((await post('/login/challenge'))['nonce'] as string, 'base64url')),
    login: (request) => post('/login', z.encode(loginRequest, request)),
  };
  return api as StorageApi;
}

/** Tries to sign in with a wrong password; what the server says to each. */
async function guess(address: string, { id }: TestAccount, times: number): Promise<Record<string, number>> {
  const said: Record<string, number> = {};
  const stranger = makeAccount();
  for (let n = 0; n < times; n++) {
    const word = await login(from(address), stranger, 'password', stranger.device, {
      account: id,
      serverNonce: bytes(32),
    }).then(
      () => 'in',
      (error: Error) => error.message,
    );
    said[word] = (said[word] ?? 0) + 1;
  }
  return said;
}

it('somebody who guesses passwords at one address holds up nobody, and many do not hold up who is at home', async () => {
  server = await startTestServer({ trustProxy: true });
  const { account } = await signUp(server.connect);
  expect(await guess('203.0.113.9', account, 30)).toEqual({ login: 20, rate: 10 });
  expect(await login(from('198.51.100.1'), account, 'password')).toMatchObject({ account: account.id });

  for (let n = 1; n <= 5; n++) await guess(`203.0.113.${n}`, account, 20);
  await expect(login(from('198.51.100.2'), account, 'password')).rejects.toThrow('rate');
  for (let n = 0; n < 3; n++) {
    expect(await login(from('198.51.100.1'), account, 'password')).toMatchObject({ account: account.id });
  }
  expect(await login(from('198.51.100.2'), account, 'device')).toMatchObject({ account: account.id });
  // By the device's key: from then on that is a place of the account's, too.
  expect(await login(from('198.51.100.2'), account, 'password')).toMatchObject({ account: account.id });
});

it('nobody finds out by his account which addresses have one, but for a few', async () => {
  // On loopback there is a thousand times as much.
  server = await startTestServer({ rates: { record: { burst: 0.003, perSecond: 1e-9 } } });
  const { account: other } = await signUp(server.connect);
  const { account, api } = await signUp(server.connect);
  const ask = () => {
    const record = makeRecord(account, account.version + 1, other.email);
    return api.putRecord(record, recordEvent(account, record));
  };
  for (let n = 0; n < 3; n++) await expect(ask()).rejects.toMatchObject({ reason: 'email-taken' });
  await expect(ask()).rejects.toMatchObject({ kind: 'offline', reason: 'rate' });
  // The operator sees it.
  expect(await (await fetch(`${server.url}/v1/metrics`)).text()).toContain('holdfast_limited_total 1\n');
});
