import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Hint } from '../../../src/remote/storage-api.ts';
import { eventually } from '../../helpers/eventually.ts';
import { connectTo } from '../../helpers/test-server.ts';

it('is heard again as soon as a call gets through, however long the stream would have waited', async () => {
  let isDown = true;
  const server = createServer((request, response) => {
    if (isDown) return void request.socket.destroy();
    if (request.url === '/v1/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': \n\n');
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"vaults":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let time = 0;
  const waits: number[] = [];
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    token: () => 'token',
    clock: {
      ...systemClock,
      monotonic: () => time,
      // The back-off of the stream has no end here; that of a call is shorter.
      sleep: (ms, signal) => {
        if (ms <= 50) return systemClock.sleep(ms, signal);
        if (ms < 1000) waits.push(ms);
        return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
      },
    },
  });
  const hints: Hint[] = [];
  const stop = new AbortController();
  const listening = api.hints(stop.signal, (hint) => hints.push(hint));
  try {
    await eventually(() => waits.length === 1);
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'offline' });
    time += 1000;
    isDown = false;
    await api.listVaults();
    expect(hints, 'a server that was only busy is not asked sooner').toEqual([]);
    isDown = true;
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'offline' });
    time += 10_000;
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'offline' });
    isDown = false;
    await api.listVaults();
    await eventually(() => hints.some(({ type }) => type === 'connected'));
  } finally {
    stop.abort();
    await api.close();
    await listening;
    server.closeAllConnections();
    server.close();
  }
});
