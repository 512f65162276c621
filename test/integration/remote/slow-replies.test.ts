import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { eventually } from '../../helpers/eventually.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const little = { milliseconds: 300, bytesPerSecond: 1000 };
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Answers with these bytes, so many at a time each ten milliseconds, for ever; `paused`: never reads more than the first bytes. */
async function dripping(text: string, at: number, { paused = false, patience = little } = {}) {
  let closed = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      closed++;
    });
    socket.once('data', () => {
      if (paused) return void socket.pause();
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < text.length) socket.write(text.slice(sent, sent + at));
        sent += at;
      }, 10);
      socket.once('close', () => clearInterval(timer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const retry = { tries: 1, first: 1, longest: 1 };
  return { api: connectTo(url, { token: () => 'token', patience, retry }), closed: () => closed };
}

const head = (type: string, length: number): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;
const slow = { kind: 'offline', reason: 'too-slow' };
const vaults = JSON.stringify({ vaults: [] });

describe('[P7] a server that has all the time in the world', () => {
  it.each([
    ['a head, byte by byte', `HTTP/1.1 200 OK\r\n${'x-more: y\r\n'.repeat(100_000)}`, 1],
    ['a document, byte by byte', head('application/json', 1_000_000) + ' '.repeat(1_000_000), 1],
    ['a head at once, then nothing', head('application/json', 10), 1000],
  ])('%s: it is given up', async (_, text, at) => {
    const { api } = await dripping(text, at);
    await expect(api.listVaults()).rejects.toMatchObject(slow);
  });

  it.each([
    ['a head, byte by byte', `HTTP/1.1 200 OK\r\n${'x-more: y\r\n'.repeat(100_000)}`],
    ['a body, byte by byte', head('application/octet-stream', 100_000) + ' '.repeat(100_000)],
  ])('an object, %s: it is given up, and the connection closed', async (_, text) => {
    const { api, closed } = await dripping(text, 1);
    await expect(api.getObject(vault, newId<ObjectId>(random))).rejects.toMatchObject(slow);
    await eventually(() => closed() === 1, { what: 'the connection, closed' });
  });

  it('one that takes what is sent to it slowly, or not at all', async () => {
    const { api } = await dripping('', 1, { paused: true });
    const bytes = new Uint8Array(4 * 1024);
    await expect(api.putObjects(vault, [{ id: newId<ObjectId>(random), bytes }])).rejects.toMatchObject(slow);
  });

  it('a line that is slow, but comes along, is waited for', async () => {
    // Longer than its time, had nothing moved; each byte brings far more than it takes on a computer that is busy otherwise.
    const patience = { milliseconds: 1500, bytesPerSecond: 1 };
    const padded = vaults + ' '.repeat(2000);
    const begun = performance.now();
    const { api } = await dripping(head('application/json', padded.length) + padded, 10, { patience });
    expect(await api.listVaults()).toEqual([]);
    expect(performance.now() - begun).toBeGreaterThan(patience.milliseconds);
  });
});
