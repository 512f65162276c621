import { request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import * as schema from '../../../src/wire/schema.ts';
import {
  accept,
  addDevice,
  createVault,
  login,
  makeDevice,
  makeEvent,
  makeRecord,
  recordEvent,
  type TestAccount,
  type TestDevice,
  type TestVault,
} from '../../helpers/test-account.ts';
import { signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

/** Requests that were begun in good time, and whose bodies come late. */
let server: TestServer;
let api: StorageApi;
let account: TestAccount;
let vault: TestVault;
let lost: TestDevice;

beforeEach(async () => {
  server = await startTestServer();
  ({ api, account } = await signUp(server.connect));
  vault = await createVault(api, account);
  lost = makeDevice();
  await api.appendEvent(accept(account, addDevice(account, lost)));
});
afterEach(() => server.close());

/** A request that the server has let in, and that waits for its body. */
async function begun(method: string, path: string, token: string, length: number) {
  const { promise: isLetIn, resolve: letIn } = Promise.withResolvers<void>();
  const { promise: status, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { 'content-type': 'application/json', 'content-length': length, expect: '100-continue' };
  const sent = request(`${server.url}/v1${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
  sent.once('continue', letIn).once('error', reject);
  sent.once('response', (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  sent.flushHeaders();
  await isLetIn;
  return (body: string): Promise<number | undefined> => {
    sent.end(body);
    return status;
  };
}

const remove = () => api.appendEvent(accept(account, makeEvent(account, { kind: 'device-revoke', device: lost.id })));

it('a device that was removed meanwhile adds no other one', async () => {
  const { token } = await login(api, account, 'device', lost);
  const bodyOf = () => JSON.stringify(z.encode(schema.appendEventRequest, { event: addDevice(account, makeDevice()) }));
  const finish = await begun('POST', '/account/chain', token, bodyOf().length);
  await remove();
  expect(await finish(bodyOf())).toBe(401);
  expect((await api.getChain(0)).head).toEqual(account.head);
});

it('nor does it delete anything, with the password', async () => {
  const { token } = await login(api, account, 'password', lost);
  const requests = [`/vaults/${vault.id}/delete`, '/account/delete'];
  const finish = await Promise.all(requests.map((path) => begun('POST', path, token, 2)));
  await remove();
  for (const end of finish) expect(await end('{}')).toBe(401);
  expect((await api.listVaults()).map((each) => each.vault)).toEqual([vault.id]);
});

it('nor does who knew the password replace a new one', async () => {
  const thief = await login(api, account, 'password', makeDevice());
  const bodyOf = (version: number) => {
    const record = makeRecord(account, version);
    return JSON.stringify(z.encode(schema.putRecordRequest, { record, event: recordEvent(account, record, version) }));
  };
  const finish = await begun('PUT', '/account/record', thief.token, bodyOf(2).length);
  const record = makeRecord(account);
  await api.putRecord(record, accept(account, recordEvent(account, record)));
  expect(await finish(bodyOf(3))).toBe(401);
  expect((await api.getRecord()).chain).toEqual(account.head);
});
