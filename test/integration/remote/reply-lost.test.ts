import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hashEntry } from '../../../src/crypto/entry-header.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import {
  accept,
  acceptEntry,
  addDevice,
  bytes,
  makeAccount,
  makeCheckpoint,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeObject,
  makeRecord,
  makeSignup,
  makeVault,
  recordEvent,
} from '../../helpers/test-account.ts';
import { connectDevice, connectTo, startTestServer, type TestServer } from '../../helpers/test-server.ts';

/** Passes requests on; while `isLosing`, the first answer to each distinct request is thrown away after the server gave it. */
async function startLossyProxy(target: () => string) {
  const seen = new Set<string>();
  const state = { isLosing: false, lost: 0 };
  const proxy: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { hostname, port } = new URL(target());
      const onward = request(
        { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => {
            const key = `${incoming.method} ${incoming.url} ${body.toString('latin1')}`;
            const isFirst = !seen.has(key);
            seen.add(key);
            if (state.isLosing && isFirst && (answer.statusCode ?? 500) < 300) {
              state.lost++;
              incoming.socket.destroy();
              return;
            }
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            outgoing.end(Buffer.concat(parts));
          });
        },
      );
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { url, state, close: () => new Promise((resolve) => proxy.close(resolve).closeAllConnections()) };
}

describe('with each first reply lost', () => {
  let server: TestServer | null = null;
  let proxy: Awaited<ReturnType<typeof startLossyProxy>> | null = null;
  afterEach(async () => {
    await proxy?.close();
    await server?.close();
  });

  it('SRV-03 every mutating call has one effect and its usual answer', async () => {
    proxy = await startLossyProxy(() => server?.url ?? '');
    server = await startTestServer({ origins: [proxy.url] });
    const { state, url } = proxy;
    const account = makeAccount();
    const api = connectDevice((options) => connectTo(url, options), account);
    const losing = async <T>(call: () => Promise<T>): Promise<T> => {
      const before = state.lost;
      state.isLosing = true;
      const result = await call();
      state.isLosing = false;
      expect(state.lost).toBe(before + 1);
      return result;
    };

    expect(await losing(() => api.signup(makeSignup(account)))).toEqual({ chain: account.head });
    await api.listVaults();
    const device = addDevice(account, makeDevice());
    accept(account, device);
    expect(await losing(() => api.appendEvent(device))).toEqual({ status: 'done', head: account.head });

    account.password = signingKey(bytes(32));
    const record = makeRecord(account);
    const event = recordEvent(account, record);
    accept(account, event);
    account.version++;
    expect(await losing(() => api.putRecord(record, event))).toEqual({ status: 'done', head: account.head });

    const vault = makeVault(account);
    const genesis = makeEntry(vault);
    const added = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: hashEntry(genesis.header) });
    accept(account, added);
    acceptEntry(vault, genesis);
    expect(await losing(() => api.createVault(genesis, makeGrants(vault), added))).toEqual({
      status: 'done',
      head: account.head,
    });

    const [small, large, carried] = [makeObject(), makeObject(400_000), makeObject()];
    let moved = 0;
    const onMoved = (bytes: number): void => {
      moved += bytes;
    };
    await losing(() => api.putObjects(vault.id, [large], { onMoved }));
    expect(moved).toBe(400_000);
    await losing(() => api.putObjects(vault.id, [small, makeObject()]));
    const entry = acceptEntry(vault, makeEntry(vault, { retained: [small.id, large.id, carried.id] }));
    expect(await losing(() => api.appendEntry(vault.id, entry, { objects: [carried] }))).toEqual({
      status: 'done',
      head: vault.head,
    });
    await losing(() => api.putCheckpoint(vault.id, makeCheckpoint(vault, [small.id])));

    moved = 0;
    for await (const { bytes } of api.getObjects(vault.id, [large.id], { onMoved })) expect(bytes).toEqual(large.bytes);
    expect(moved).toBeGreaterThanOrEqual(400_000);
    expect(await api.listVaults()).toMatchObject([{ head: vault.head, objects: 4, checkpointSeq: 2 }]);
    expect((await api.getChain(0)).head).toEqual(account.head);
    await losing(() => api.logout());
    await api.close();
  });
});
