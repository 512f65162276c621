import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import {
  expiredCertificate,
  otherCertificate,
  type TestCertificate,
  testCertificate,
} from '../../fakes/test-certificates.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const trusted = getCACertificates('default');
const servers: (Server | TcpServer)[] = [];

const close = (server: Server | TcpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });

afterEach(async () => {
  vi.unstubAllEnvs();
  setDefaultCACertificates(trusted);
  await Promise.all(servers.splice(0).map(close));
});

async function listen<S extends Server | TcpServer>(server: S, port = 0): Promise<{ server: S; port: number }> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** A server that counts what reaches it. */
async function secured(certificate: TestCertificate, port = 0) {
  let requests = 0;
  const made = createTlsServer(certificate, (request, response) => {
    requests++;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"vaults":[]}');
  });
  made.on('connect', (_, socket) => {
    requests++;
    socket.destroy();
  });
  return { ...(await listen(made, port)), requests: () => requests };
}

const connect = (port: number) => connectTo(`https://127.0.0.1:${port}`, { token: () => 'a token' });
const putOne = (api: StorageApi) =>
  api.putObjects(vault, [{ id: newId<ObjectId>(random), bytes: new Uint8Array(5000) }]);
const untrusted = { kind: 'refused', reason: 'certificate' };

describe('NET-15 who is at the other end of the line', () => {
  test('is refused without a certificate that is trusted, and hears nothing; with one it is heard', async () => {
    const server = await secured(testCertificate);
    const api = connect(server.port);
    await expect(api.listVaults()).rejects.toMatchObject(untrusted);
    await expect(putOne(api)).rejects.toMatchObject(untrusted);
    expect(server.requests()).toBe(0);
    setDefaultCACertificates([...trusted, testCertificate.cert]);
    expect(await connect(server.port).listVaults()).toEqual([]);
    expect(server.requests()).toBe(1);
  });

  test('is refused with a certificate that is over by the clock here, and the clock is named', async () => {
    setDefaultCACertificates([...trusted, expiredCertificate.cert]);
    const server = await secured(expiredCertificate);
    const api = connect(server.port);
    const over = { ...untrusted, message: expect.stringContaining('By this computer’s clock') };
    await expect(api.listVaults()).rejects.toMatchObject(over);
    await expect(putOne(api)).rejects.toMatchObject(over);
    expect(server.requests()).toBe(0);
  });

  test('is refused when the certificate is another one all of a sudden', async () => {
    setDefaultCACertificates([...trusted, testCertificate.cert]);
    const server = await secured(testCertificate);
    const api = connect(server.port);
    expect(await api.listVaults()).toEqual([]);
    await close(server.server);
    const other = await secured(otherCertificate, server.port);
    await expect(api.listVaults()).rejects.toMatchObject(untrusted);
    await expect(putOne(api)).rejects.toMatchObject(untrusted);
    expect(other.requests()).toBe(0);
  });

  test('is asked to prove it also where the environment says that nobody has to', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await secured(testCertificate);
    const api = connect(server.port);
    await expect(api.listVaults()).rejects.toMatchObject(untrusted);
    await expect(api.getChain(0)).rejects.toMatchObject(untrusted);
    await expect(putOne(api)).rejects.toMatchObject(untrusted);
    await expect(api.hints(AbortSignal.timeout(patience), () => undefined)).rejects.toMatchObject(untrusted);
    const proxied = connectTo(`https://127.0.0.1:${server.port}`, { findProxy: async () => new URL(api.origin) });
    await expect(proxied.getChain(0)).rejects.toMatchObject({ kind: 'offline', reason: 'proxy' });
    expect(server.requests()).toBe(0);
  });

  test('is never spoken to in plain text, whatever it understands', async () => {
    const heard: Buffer[] = [];
    const plain = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        heard.push(data);
        socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{"vaults":[]}');
      });
    });
    const { port } = await listen(plain);
    const api = connect(port);
    const stop = new AbortController();
    const refused = expect(api.listVaults({ signal: stop.signal })).rejects.toThrow();
    await eventually(() => heard.length > 1, { what: 'a second try' });
    stop.abort();
    await refused;
    for (const data of heard) expect(data[0], 'a TLS handshake').toBe(0x16);
    expect(Buffer.concat(heard).includes('a token')).toBe(false);
  });
});
