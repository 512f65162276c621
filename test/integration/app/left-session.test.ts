import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountFile, type StoredAccount } from '../../../src/app/account/account-file.ts';
import { openAccountSession } from '../../../src/app/account/account-session.ts';
import { signUp } from '../../../src/app/account/sign-in.ts';
import { fileKeychain } from '../../../src/app/keychain/file-keychain.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { connectTo, startTestServer, type TestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';

/** A home whose device keeps the server's session, with the tokens that each server is shown. */
async function homePorts(): Promise<{ ports: Ports; shown: Map<string, Set<string>> }> {
  const shown = new Map<string, Set<string>>();
  const connect: Ports['connect'] = async (url, given) => {
    const tokens = shown.get(url) ?? new Set<string>();
    shown.set(url, tokens);
    const token = (): string | null => {
      const current = given.token();
      if (current !== null) tokens.add(current);
      return current;
    };
    return connectTo(url, { ...given, token });
  };
  return { ports: await appPorts(connect), shown };
}

async function use(ports: Ports, stored: StoredAccount): Promise<void> {
  const session = await openAccountSession(ports, stored);
  await session.refresh();
  await session.close();
}

const place = (server: TestServer, email: string) => ({ server: server.url, email, deviceName: 'Desk' });

let servers: readonly [TestServer, TestServer];
beforeEach(async () => {
  servers = [await startTestServer(), await startTestServer()];
});
afterEach(() => Promise.all(servers.map((server) => server.close())));

describe('a session that a sign-out left behind, cut short after the account was gone', () => {
  it('is shown to no other server', async () => {
    const { ports, shown } = await homePorts();
    const [first, second] = servers;
    await use(ports, (await signUp(ports, place(first, 'ada@example.org'), password)).stored);
    expect(existsSync(ports.home.sessionFile)).toBe(true);
    accountFile(ports.home).remove();
    await use(ports, (await signUp(ports, place(second, 'ada@example.org'), password)).stored);
    const ofFirst = must(shown.get(first.url));
    expect([...must(shown.get(second.url))].filter((token) => ofFirst.has(token))).toEqual([]);
  });

  it('does not speak for another account on that server, which would be taken for a lie', async () => {
    const { ports } = await homePorts();
    await use(ports, (await signUp(ports, place(servers[0], 'ada@example.org'), password)).stored);
    accountFile(ports.home).remove();
    await use(ports, (await signUp(ports, place(servers[0], 'eve@example.org'), password)).stored);
    expect(accountFile(ports.home).read()?.pin.frozen).toBeNull();
  });
});

it('a session that was kept before the device’s keys got a passphrase is kept no longer', async () => {
  const { ports } = await homePorts();
  const { stored } = await signUp(ports, place(servers[0], 'ada@example.org'), password);
  await use(ports, stored);
  expect(existsSync(ports.home.sessionFile)).toBe(true);
  await use({ ...ports, keychain: fileKeychain(ports.home.keysFolder, 'a long passphrase', systemRandom) }, stored);
  expect(existsSync(ports.home.sessionFile)).toBe(false);
});

describe('a token that no request can carry', () => {
  const noHeader = `${'x'.repeat(40)}\r\nhost: elsewhere`;

  it('is not taken from a server that gives one', async () => {
    const { ports } = await homePorts();
    const { stored } = await signUp(ports, place(servers[0], 'ada@example.org'), password);
    const liar = createServer(async (request, response) => {
      const body = await buffer(request);
      const answer = await fetch(`${servers[0].url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        ...(body.length === 0 ? {} : { body }),
      });
      const json = (await answer.json()) as object;
      const session = { token: noHeader, account: stored.account, device: stored.device, lifetime: 1e12 };
      const isLogin = request.url === '/v1/login';
      const said = isLogin ? session : json;
      response
        .writeHead(isLogin ? 200 : answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(said));
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    const { port } = liar.address() as AddressInfo;
    const session = await openAccountSession(ports, { ...stored, server: `http://127.0.0.1:${port}` });
    await expect(session.refresh()).rejects.toBeInstanceOf(HoldfastError);
    await session.close();
    liar.closeAllConnections();
    liar.close();
    await use(ports, stored);
  });

  it('is forgotten where an earlier version kept one', async () => {
    const { ports } = await homePorts();
    const { stored } = await signUp(ports, place(servers[0], 'ada@example.org'), password);
    const kept = { format: 1, device: stored.device, token: noHeader, expiresAt: 1e15 };
    writeFileSync(ports.home.sessionFile, JSON.stringify(kept));
    await use(ports, stored);
  });
});
