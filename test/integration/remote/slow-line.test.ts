import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { createBulkTransport } from '../../../src/remote/bulk-transport.ts';
import { defaultPatience } from '../../../src/remote/pace.ts';

test('a large object that goes out slowly and steadily is not given up, and is seen to move', async () => {
  // Much more than the system keeps on both sides.
  const length = 16 * 1024 * 1024;
  const server = createServer((socket) => {
    let got = 0;
    const count = (bytes: Uint8Array | null): void => {
      got += bytes?.length ?? 0;
      if (got >= length) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    };
    socket.pause();
    const reading = setInterval(() => {
      count(socket.read(128 * 1024) ?? socket.read());
      if (got < length * 0.75) return;
      clearInterval(reading);
      socket.on('data', count).resume();
    }, 30);
    socket.on('close', () => clearInterval(reading)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  const transport = createBulkTransport(url, createBandwidth(systemClock), null, defaultPatience, 2000);
  const sent = [0];
  try {
    const answer = await transport.send({
      method: 'PUT',
      path: '/',
      token: null,
      contentType: 'application/octet-stream',
      parts: [new Uint8Array(length)],
      most: 100,
      onSent: (position) => sent.push(position),
      signal: new AbortController().signal,
    });
    expect(answer.status).toBe(200);
    expect(sent.at(-1)).toBe(length);
    const steps = sent.slice(1).map((position, at) => position - (sent[at] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThanOrEqual(256 * 1024);
  } finally {
    await transport.close();
    server.close();
  }
});

test('what waits for its turn on a line up that is cut holds up nothing that comes down', async () => {
  let puts = 0;
  const server = createHttpServer((request, response) => {
    request.resume();
    if (request.method === 'GET') return void response.end('here');
    // The first is cut when it was under way for a while; nobody answers the second.
    if (++puts === 1) setTimeout(() => request.socket.destroy(), 1200);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  const transport = createBulkTransport(url, createBandwidth(systemClock));
  onTestFinished(() => transport.close());
  const stop = new AbortController();
  const call = { path: '/', token: null, contentType: null, most: 100, signal: stop.signal };
  const put = () =>
    transport.send({
      ...call,
      method: 'PUT',
      contentType: 'application/octet-stream',
      parts: [new Uint8Array(300_000)],
    });
  await expect(put()).rejects.toMatchObject({ kind: 'offline' });
  const waiting = Promise.allSettled([put(), put()]);
  const got = await transport.send({ ...call, method: 'GET', parts: [], onReceived: () => undefined });
  expect(Buffer.from(got.body).toString()).toBe('here');
  expect(puts).toBeLessThanOrEqual(2);
  stop.abort(new Error('enough'));
  await waiting;
});
