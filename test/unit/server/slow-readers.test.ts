import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { boundConnections } from '../../../src/server/http/connections.ts';
import { createEventStreams } from '../../../src/server/http/event-stream.ts';
import { createUnderWay } from '../../../src/server/http/under-way.ts';
import { createHub } from '../../../src/server/hub.ts';
import { createMemoryMetadata } from '../../fakes/memory-metadata.ts';
import { eventually } from '../../helpers/eventually.ts';
import { bytes, makeAccount } from '../../helpers/test-account.ts';

const clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_: number, signal?: AbortSignal) =>
    new Promise<void>((end) => signal?.addEventListener('abort', () => end())),
};
const account = makeAccount();
const caller = {
  account: account.id,
  device: account.device.id,
  devicePublic: bytes(32),
  tokenHash: bytes(32),
  hasGivenPassword: false,
};

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.closeAllConnections();
  for (const server of servers) server.close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

async function dial(server: Server, text: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('streams of hints', () => {
  const begin = () => {
    const hub = createHub();
    return {
      hub,
      ...createEventStreams({ metadata: createMemoryMetadata(), hub, clock, isWelcome: async () => true }),
    };
  };

  it('end for who never reads them, and take little memory until then', async () => {
    const { hub, open, close } = begin();
    let stream: ServerResponse | null = null;
    const server = await serve((_, response) => {
      void open(caller, response).then(() => {
        stream = response;
      });
    });
    await dial(server, get);
    const response = await eventually(() => stream as ServerResponse | null);
    let unsent = 0;
    await eventually(() => {
      // As one turn of the loop may bring; the kernel takes its part in between.
      for (let n = 0; n < 20_000 && !response.destroyed; n++) {
        hub.publish(account.id, { type: 'account', seq: n });
        unsent = Math.max(unsent, response.writableLength);
      }
      return response.destroyed;
    });
    expect(unsent).toBeLessThan(300 * 1024);
    await eventually(() => hub.count() === 0);
    await close();
  });

  it('are so many for one account at most', async () => {
    const { open, close } = begin();
    const ended: ServerResponse[] = [];
    for (let n = 0; n < 64; n++) {
      const response = Object.assign(new EventEmitter(), { writeHead: vi.fn(), write: vi.fn(), end: vi.fn() });
      ended.push(response as unknown as ServerResponse);
      await open(caller, ended[n] as ServerResponse);
    }
    await expect(open(caller, ended[0] as ServerResponse)).rejects.toMatchObject({ kind: 'limit', reason: 'count' });
    ended[0]?.emit('close');
    await open(caller, ended[0] as ServerResponse);
    await close();
  });
});

describe('answers', () => {
  it('that are large have time in proportion to be read', () => {
    vi.useFakeTimers();
    const answer = (size: number) => {
      const response = Object.assign(new EventEmitter(), { destroy: vi.fn() });
      createUnderWay(1000).hurry(response as unknown as ServerResponse, size);
      return response;
    };
    const [small, large, read] = [answer(1000), answer(4 * 1024 * 1024), answer(4 * 1024 * 1024)];
    vi.advanceTimersByTime(5000);
    read.emit('close');
    expect(large.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100_000);
    expect([small, large, read].map(({ destroy }) => destroy.mock.calls.length)).toEqual([0, 1, 0]);
    vi.useRealTimers();
  });

  it('are so many under way for one account at most', () => {
    const underWay = createUnderWay(1000);
    const begin = () => {
      const response = new EventEmitter() as unknown as ServerResponse;
      underWay.begin(account.id, response);
      return response;
    };
    const [first] = Array.from({ length: 256 }, begin);
    expect(begin).toThrow(expect.objectContaining({ kind: 'offline', reason: 'busy' }));
    underWay.begin(makeAccount().id, new EventEmitter() as unknown as ServerResponse);
    first?.emit('close');
    begin();
  });
});

describe('connections', () => {
  it('beyond the most end with the one that is idle longest, not with one that is held', async () => {
    const connections = boundConnections(2);
    const server = await serve((request, response) => {
      if (request.url === '/held') connections.hold(request, response);
      else response.end();
    });
    connections.watch(server, false);
    const held = (await dial(server, get.replace('/', '/held'))).resume();
    const [old, used] = [(await dial(server, '')).resume(), (await dial(server, '')).resume()];
    await eventually(() => connections.open === 3);
    old.write(get);
    await once(old, 'data');
    await dial(server, '');
    await eventually(() => used.destroyed);
    expect([held.destroyed, old.destroyed, connections.open]).toEqual([false, false, 3]);
  });

  it('turn nobody away, however many are held', async () => {
    const connections = boundConnections(2);
    let asked = 0;
    const server = await serve((request, response) => {
      if (request.url !== '/held') response.end();
      else connections.hold(request, response);
      asked++;
    });
    connections.watch(server, false);
    const held: Socket[] = [];
    for (let n = 0; n < 6; n++) {
      held.push((await dial(server, get.replace('/', '/held'))).resume());
      await eventually(() => asked === n + 1);
    }
    const other = (await dial(server, get)).resume();
    await once(other, 'data');
    expect([other, ...held].filter((socket) => socket.destroyed)).toEqual([]);
  });
});
