import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { type ConnectProxy, startConnectProxy } from '../../fakes/connect-proxy.ts';
import { namedCertificate, otherCertificate } from '../../fakes/test-certificates.ts';
import { cliDevice } from '../../helpers/cli.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo, signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

/** No name server knows it: only who asks the proxy gets there. */
const url = 'https://sync.holdfast.test';
const target = 'sync.holdfast.test:443';
const trusted = getCACertificates('default');

let server: TestServer;
let proxy: ConnectProxy;
const apis: StorageApi[] = [];

beforeAll(async () => {
  server = await startTestServer({ tls: namedCertificate, origins: [url] });
  setDefaultCACertificates([...trusted, namedCertificate.cert]);
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await server.close();
});
afterEach(async () => {
  await Promise.all(apis.splice(0).map((api) => api.close()));
  await proxy.close();
});

const through = (address: () => Promise<URL | null>) => (options: object) => {
  const api = connectTo(url, { ...options, findProxy: address });
  apis.push(api);
  return api;
};
const startProxy = async (): Promise<void> => {
  proxy = await startConnectProxy(Number(new URL(server.url).port));
};

describe('a server that only a proxy reaches', () => {
  it('is asked through it: about the account, for the log, for objects, and for hints', async () => {
    await startProxy();
    const { api } = await signUp(through(async () => proxy.url));
    const afterAccount = proxy.asked.length;
    expect(afterAccount).toBeGreaterThan(0);
    expect((await api.getChain(0)).events.length).toBeGreaterThan(0);
    const afterChain = proxy.asked.length;
    expect(afterChain).toBeGreaterThan(afterAccount);
    await expect(api.getObject(newId<VaultId>(random), newId<ObjectId>(random))).rejects.toMatchObject({
      kind: 'missing',
    });
    const afterObjects = proxy.asked.length;
    expect(afterObjects).toBeGreaterThan(afterChain);
    const end = new AbortController();
    const heard: string[] = [];
    const listening = api.hints(end.signal, ({ type }) => heard.push(type));
    await eventually(() => heard.includes('connected'), { what: 'the stream of hints' });
    expect(proxy.asked.length).toBeGreaterThan(afterObjects);
    end.abort();
    await listening;
    expect(new Set(proxy.asked)).toEqual(new Set([target]));
  });

  it('still has to show who it is: a proxy cannot pretend to be it', async () => {
    const other = await startTestServer({ tls: otherCertificate, origins: [url] });
    proxy = await startConnectProxy(Number(new URL(other.url).port));
    const api = through(async () => proxy.url)({ token: () => 'a token' });
    const untrusted = { kind: 'refused', reason: 'certificate' };
    await expect(api.listVaults()).rejects.toMatchObject(untrusted);
    await expect(api.getChain(0)).rejects.toMatchObject(untrusted);
    await other.close();
  });

  it('cannot be reached while the proxy refuses, asks for a password, or is gone, which is said', async () => {
    await startProxy();
    const api = through(async () => proxy.url)({ token: () => 'a token' });
    const { host } = proxy.url;
    proxy.refuse(407);
    const unknown = {
      kind: 'offline',
      reason: 'proxy',
      message: `The proxy http://${host} asks for a name and a password.`,
    };
    await expect(api.getChain(0)).rejects.toMatchObject(unknown);
    await expect(api.listVaults()).rejects.toMatchObject(unknown);
    proxy.refuse(403);
    await expect(api.getChain(0)).rejects.toMatchObject({
      message: `The proxy http://${host} does not connect to ${target} (status 403).`,
    });
    await proxy.close();
    await expect(api.getChain(0)).rejects.toMatchObject({ message: `The proxy http://${host} cannot be reached.` });
  });

  it('cannot be reached through a proxy whose own certificate is not trusted, which is said', async () => {
    await startProxy();
    const imposter = createServer(otherCertificate);
    await new Promise<void>((resolve) => imposter.listen(0, '127.0.0.1', resolve));
    const address = new URL(`https://me:secret@127.0.0.1:${(imposter.address() as AddressInfo).port}`);
    const api = through(async () => address)({ token: () => 'a token' });
    await expect(api.getChain(0)).rejects.toMatchObject({
      kind: 'offline',
      reason: 'proxy',
      message: `The certificate of the proxy ${address.origin} is not trusted; nothing was sent.`,
    });
    await new Promise((resolve) => imposter.close(resolve));
  });

  it('is asked for anew with each connection: another network has another proxy', async () => {
    await startProxy();
    let address: URL | null = new URL('http://127.0.0.1:1');
    const api = through(async () => address)({ token: () => 'a token' });
    await expect(api.getChain(0)).rejects.toMatchObject({ kind: 'offline' });
    address = proxy.url;
    await expect(api.getChain(0)).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
  });

  it('is told the name and password of its address, which nobody else is', async () => {
    await startProxy();
    const address = new URL(proxy.url);
    address.username = 'me';
    address.password = 'p@ss:50%';
    const api = through(async () => address)({ token: () => 'a token' });
    await expect(api.getChain(0)).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
    expect(proxy.credentials()).toBe(`Basic ${Buffer.from('me:p@ss:50%').toString('base64')}`);
    proxy.refuse(403);
    const other = through(async () => address)({ token: () => 'a token' });
    await expect(other.getChain(0)).rejects.not.toThrow(/p@ss|p%40ss/);
  });

  it('is synced with by commands that HTTPS_PROXY tells of it', async () => {
    await startProxy();
    const device = await cliDevice();
    const base = await tempFolder('proxied');
    const authority = join(base, 'authority.pem');
    writeFileSync(authority, namedCertificate.cert);
    const env = { HTTPS_PROXY: proxy.url.href, NO_PROXY: 'example.org', NODE_EXTRA_CA_CERTS: authority };
    const signedUp = await device.run(['signup', '--server', url, '--email', 'proxied@example.org'], env);
    expect(signedUp.code, signedUp.stderr).toBe(0);
    const folder = join(base, 'Folder');
    expect((await device.run(['add', folder], env)).code).toBe(0);
    writeFileSync(join(folder, 'a.txt'), 'a');
    expect((await device.run(['sync'], env)).json).toMatchObject({ converged: true, filesUp: 1 });
    const { checks } = (await device.run(['doctor'], env)).json as { checks: { name: string; message: string }[] };
    expect(checks.find(({ name }) => name === 'connection')?.message).toContain(
      `through the proxy ${proxy.url.origin}`,
    );
    proxy.refuse(502);
    const before = proxy.asked.length;
    expect((await device.run(['doctor'], env)).stdout).toContain('(status 502)');
    expect(proxy.asked.length - before, 'asked by doctor').toBe(1);
    proxy.refuse(null);
    expect((await device.run(['sync'], { ...env, NO_PROXY: '*' })).code, 'without the proxy').toBe(3);

    const { NODE_EXTRA_CA_CERTS: _, ...bare } = env;
    const trusting = (file: string) => ({ ...bare, SSL_CERT_FILE: file, SSL_CERT_DIR: join(base, 'none') });
    writeFileSync(join(folder, 'b.txt'), 'b');
    const refused = await device.run(['sync'], trusting(join(base, 'nothing.pem')));
    expect(refused.json, 'by a system that trusts nobody').toMatchObject({ error: { reason: 'certificate' } });
    expect((await device.run(['doctor'], trusting(authority))).stdout).toContain('through the proxy');
    const synced = await device.run(['sync'], trusting(authority));
    expect(synced.json, 'by a system that trusts it').toMatchObject({ converged: true, filesUp: 1 });
  });
});
