import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { createBulkTransport } from '../../../src/remote/bulk-transport.ts';

test('a large body comes over a line with a download limit, and all else goes on meanwhile', async () => {
  const body = Buffer.alloc(256 * 1024, 'x');
  const first = 64 * 1024;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, first));
    // When the first part is paid for, there is nothing to go on with.
    setTimeout(() => response.end(body.subarray(first)), 300);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const bandwidth = createBandwidth(systemClock);
  bandwidth.setLimit('down', 1024 * 1024);
  const bulk = createBulkTransport(`http://127.0.0.1:${(must(server.address()) as AddressInfo).port}`, bandwidth);
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
  expect(turns).toBeGreaterThan(10);
});
