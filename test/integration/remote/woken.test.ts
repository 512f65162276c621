import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { eventually } from '../../helpers/eventually.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

it('after the computer slept nothing waits for connections that died meanwhile without a word', async () => {
  const open = new Set<Socket>();
  const dead = new Set<Socket>();
  let unheard = 0;
  const server = createServer((request, response) => {
    if (dead.has(request.socket)) return void unheard++;
    const isStream = request.url === '/v1/events';
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    if (isStream) response.write(': \n\n');
    else if (request.url?.includes('/objects/')) response.end('bytes');
    else response.end(request.url === '/v1/vaults' ? '{"vaults":[]}' : '{"grants":""}');
  });
  server.on('connection', (socket) => open.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });

  let slept = 0;
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    token: () => 'token',
    clock: {
      ...systemClock,
      now: () => systemClock.now() + slept,
      sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
    },
  });
  onTestFinished(() => api.close());
  const stop = new AbortController();
  const heard: string[] = [];
  const listening = api.hints(stop.signal, ({ type }) => heard.push(type));
  onTestFinished(async () => {
    stop.abort();
    await listening;
  });

  const vault = newId<VaultId>(random);
  const object = newId<ObjectId>(random);
  /** One by each kind of connection. */
  const ask = async (): Promise<unknown[]> => {
    const [vaults, grants, bytes] = await Promise.all([
      api.listVaults(),
      api.getGrants(vault, 1),
      api.getObject(vault, object),
    ]);
    return [vaults, grants.length, new TextDecoder().decode(bytes)];
  };
  expect(await ask()).toEqual([[], 0, 'bytes']);
  await eventually(() => heard.length === 1);

  for (const socket of open) dead.add(socket);
  const asked = ask();
  await eventually(() => unheard === 3);
  slept = 3_600_000;
  expect(await asked).toEqual([[], 0, 'bytes']);
  await eventually(() => heard.length === 3);
  expect(heard).toEqual(['connected', 'disconnected', 'connected']);
});

it('once nobody listens any more nothing looks whether the computer slept', async () => {
  const server = createServer((_, response) =>
    response
      .writeHead(403, { 'content-type': 'application/json' })
      .end('{"error":{"kind":"refused","reason":"device"}}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const looking = new Set<number>();
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    token: () => 'token',
    clock: {
      ...systemClock,
      sleep: async (ms, signal) => {
        looking.add(ms);
        await systemClock.sleep(ms, signal);
        looking.delete(ms);
      },
    },
  });
  onTestFinished(() => api.close());
  const listening = api.hints(new AbortController().signal, () => undefined);
  await expect(listening).rejects.toMatchObject({ kind: 'refused' });
  await eventually(() => looking.size === 0);
});
