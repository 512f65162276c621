import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { type Bandwidth, createBandwidth } from '../../../src/remote/bandwidth.ts';
import { createBulkTransport } from '../../../src/remote/bulk-transport.ts';

async function addressOf(server: ReturnType<typeof createServer>): Promise<string> {
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(must(server.address()) as AddressInfo).port}`;
}

test('many small parts take as few turns on a line with an upload limit as one large part', async () => {
  const received: Buffer[] = [];
  const server = createServer(async (request, response) => {
    received.push(await buffer(request));
    response.end();
  });
  const origin = await addressOf(server);
  const bandwidth = createBandwidth(systemClock);
  bandwidth.setLimit('up', 1024 ** 3);
  const turns: number[] = [];
  const counting: Bandwidth = {
    ...bandwidth,
    take: (direction, bytes, signal) => {
      turns.push(bytes);
      return bandwidth.take(direction, bytes, signal);
    },
  };
  const bulk = createBulkTransport(origin, counting);
  onTestFinished(() => bulk.close());
  // Objects behind their headers, some longer than a turn.
  const parts = Array.from({ length: 90 }, (_, at) => randomBytes(at % 2 === 0 ? 20 : at === 41 ? 100_000 : 4112));
  await bulk.send({
    method: 'POST',
    path: '/',
    token: null,
    contentType: 'application/octet-stream',
    parts,
    most: 1024,
    signal: AbortSignal.timeout(60_000),
  });
  const whole = Buffer.concat(parts);
  expect(received.map((body) => body.equals(whole))).toEqual([true]);
  expect(turns).toHaveLength(Math.ceil(whole.length / (32 * 1024)));
  expect(turns.reduce((sum, bytes) => sum + bytes)).toBe(whole.length);
});

test('a large body comes over a line with a download limit, and all else goes on meanwhile', async () => {
  const body = Buffer.alloc(256 * 1024, 'x');
  const first = 64 * 1024;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, first));
    // When the first part is paid for, there is nothing to go on with.
    setTimeout(() => response.end(body.subarray(first)), 300);
  });
  const origin = await addressOf(server);
  const bandwidth = createBandwidth(systemClock);
  bandwidth.setLimit('down', 1024 * 1024);
  const bulk = createBulkTransport(origin, bandwidth);
  onTestFinished(() => bulk.close());
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  onTestFinished(() => clearInterval(timer));
  const answer = await bulk.send({
    method: 'GET',
    path: '/',
    token: null,
    contentType: null,
    parts: [],
    most: body.length,
    onReceived: () => undefined,
    signal: AbortSignal.timeout(60_000),
  });
  expect(body.equals(answer.body)).toBe(true);
  expect(turns).toBeGreaterThan(0);
});
