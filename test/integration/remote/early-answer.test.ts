import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { createBulkTransport } from '../../../src/remote/bulk-transport.ts';

const reply = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';
const mib = 1024 * 1024;

/** Answers the first bytes of a request, and leaves the rest where it is until it is asked for. */
async function hastyServer() {
  const opened = Promise.withResolvers<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => received.push(piece));
    socket.once('data', () => {
      socket.pause();
      socket.write(reply);
      opened.resolve(socket);
    });
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Until the connection ends or so many bytes of a body are there. */
    readOn: async (length: number): Promise<Buffer> => {
      const socket = await opened.promise;
      socket.resume();
      await new Promise<void>((resolve) => {
        const look = (): void => {
          const all = received.reduce((sum, piece) => sum + piece.length, 0);
          if (socket.closed || all - (received[0]?.indexOf('\r\n\r\n') ?? 0) - 4 >= length) resolve();
        };
        socket.on('data', look).once('close', look);
        look();
      });
      return Buffer.concat(received);
    },
  };
}

it.each([
  // More than the system takes of a connection that is not read from.
  { what: 'one large part', lengths: [64 * mib], up: null },
  { what: 'a large part behind a small one', lengths: [44, 64 * mib], up: null },
  { what: 'what is sent as one block', lengths: [44, 200 * 1024], up: null },
  { what: 'a limited line', lengths: [2 * mib], up: 1024 * mib },
])(
  'a server that answers before it has read gets nothing that the memory holds later: $what',
  async ({ lengths, up }) => {
    const { origin, readOn } = await hastyServer();
    const bandwidth = createBandwidth(systemClock);
    bandwidth.setLimit('up', up);
    const bulk = createBulkTransport(origin, bandwidth);
    onTestFinished(() => bulk.close());
    const parts = lengths.map((length) => new Uint8Array(length).fill(1));
    const answer = await bulk.send({
      method: 'PUT',
      path: '/',
      token: null,
      contentType: 'application/octet-stream',
      parts,
      most: 1024,
      signal: new AbortController().signal,
    });
    expect(answer.status).toBe(200);
    for (const part of parts) part.fill(0xff);

    const received = await readOn(lengths.reduce((sum, length) => sum + length, 0));
    expect(received.includes(1)).toBe(true);
    expect(received.includes(0xff)).toBe(false);
  },
);
