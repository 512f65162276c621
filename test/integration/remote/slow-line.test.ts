import { createServer } from 'node:net';
import { expect, test } from 'vitest';
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
