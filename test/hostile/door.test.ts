import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackDoor, openLoopbackDoor } from '../../src/app/door/loopback-door.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import type { Service } from '../../src/rpc/contract.ts';
import { commandNames } from '../../src/rpc/contract.ts';

/** [P10] The local door as web pages, other users and programs of this computer would try it, byte by byte. */

const token = 'T'.repeat(43);
let door: LoopbackDoor;
let time = 0;
let calls: string[] = [];

/** Every command is there, and remembers that it was called. */
const service = new Proxy({} as Service, {
  get: (_, name) =>
    name === 'listen'
      ? () => {
          calls.push('listen');
          return () => undefined;
        }
      : async () => {
          calls.push(String(name));
          return {};
        },
});

beforeAll(async () => {
  const files = new Map([['/', { type: 'text/html; charset=utf-8', read: () => Buffer.from('<!doctype html>') }]]);
  door = await openLoopbackDoor({
    service,
    token,
    files,
    logger: silentLogger,
    random: systemRandom,
    monotonic: () => time,
  });
});
afterAll(() => door.close());
beforeEach(() => {
  calls = [];
  // Wrong tokens of the case before are forgotten.
  time += 5000;
});

/** Sends these very bytes, and gives what came back until the door closed the connection. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(door.port, '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      said += part;
      // An event stream stays open: its head says all.
      if (said.includes('text/event-stream')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(said));
  });
}

const statusOf = (said: string): number => Number(/^HTTP\/1\.[01] (\d{3})/.exec(said)?.[1] ?? 0);

interface Ask {
  readonly method?: string;
  readonly path?: string;
  /** Null leaves one out; a list says it more than once. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string;
  readonly version?: string;
}

async function ask({ method = 'POST', path = '/rpc/status', headers = {}, body = '', version = '1.1' }: Ask) {
  const own = {
    host: `127.0.0.1:${door.port}`,
    origin: `http://127.0.0.1:${door.port}`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': String(body.length),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(own).flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}: ${each}`));
  const said = await raw(`${method} ${path} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  return { said, status: statusOf(said) };
}

/** Nothing ran, nothing was told, and no page of another origin may read the answer. */
function expectShut(
  { said, status }: { said: string; status: number },
  what: string,
  statuses: readonly number[],
): void {
  expect(statuses, `${what}: ${said.slice(0, 200)}`).toContain(status);
  expect(calls, what).toEqual([]);
  expect(said, what).not.toContain(token);
  expect(said.toLowerCase(), what).not.toContain('access-control');
}

it('[P10] opens to a right request, so that what follows is refused for its own reason', async () => {
  expect((await ask({ body: '{}' })).status).toBe(200);
  expect(calls).toEqual(['status']);
});

describe('a page whose name was rebound to this computer', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    'localhost.:PORT',
    'localhost.evil:PORT',
    '127.0.0.1.:PORT',
    '127.1:PORT',
    '2130706433:PORT',
    '0x7f.0.0.1:PORT',
    '0.0.0.0:PORT',
    '[::ffff:127.0.0.1]:PORT',
    'user@127.0.0.1:PORT',
    '127.0.0.1:PORT:80',
    '127.0.0.1:0PORT',
    '127.0.0.1',
    ':PORT',
    '',
  ])('Host “%s”', async (name) => {
    const host = name.replace('PORT', String(door.port));
    expectShut(await ask({ headers: { host, origin: `http://${host}` }, body: '{}' }), host, [400, 403]);
    expectShut(await ask({ method: 'GET', path: '/', headers: { host, origin: null } }), host, [400, 403]);
  });

  it('no Host, two of them, or one in the target only', async () => {
    const right = `127.0.0.1:${door.port}`;
    expectShut(await ask({ headers: { host: null }, body: '{}' }), 'none', [400, 403]);
    expectShut(await ask({ headers: { host: null }, body: '{}', version: '1.0' }), 'none, old', [400, 403]);
    expectShut(await ask({ headers: { host: [right, 'evil.example'] }, body: '{}' }), 'two', [400, 403]);
    expectShut(await ask({ headers: { host: ['evil.example', right] }, body: '{}' }), 'two', [400, 403]);
    for (const path of [
      `http://${right}/rpc/status`,
      'http://evil.example/rpc/status',
      '*',
      'rpc/status',
      '\\rpc\\status',
    ]) {
      expectShut(await ask({ path, body: '{}' }), path, [400, 403]);
    }
  });
});

describe('a page of another origin', () => {
  const foreign = [
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://localhost:1',
    'file://',
    'http://evil.example:PORT',
  ];

  it.each(foreign)('from %s: a form, a fetch, an upgrade, an event stream', async (origin) => {
    const from = { origin: origin.replace('PORT', String(door.port)) };
    const forms = [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/json',
    ];
    for (const type of forms) {
      expectShut(await ask({ headers: { ...from, 'content-type': type }, body: '{}' }), type, [403]);
    }
    const socket = {
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': 'AAAA',
      'sec-websocket-version': '13',
    };
    for (const path of ['/events', '/', '/rpc/status']) {
      expectShut(
        await ask({ method: 'GET', path, headers: { ...from, ...socket, 'content-length': null } }),
        path,
        [0, 403],
      );
    }
    expectShut(await ask({ method: 'GET', path: '/events', headers: from }), 'events', [403]);
    expectShut(
      await ask({ method: 'OPTIONS', headers: { ...from, 'access-control-request-method': 'POST' } }),
      'preflight',
      [403],
    );
    // With the origin of one name and the host of the other, it is not the page's own door either.
    expectShut(await ask({ headers: { origin: `http://localhost:${door.port}` }, body: '{}' }), 'crossed', [403]);
  });

  it('cannot make an <img>, a <script>, a frame or a link of any command', async () => {
    expect(commandNames.length).toBeGreaterThan(20);
    const bare = { origin: null, authorization: null, 'content-type': null, 'content-length': null };
    for (const name of commandNames) {
      for (const site of ['cross-site', 'same-site', null]) {
        time += 1001;
        const path = `/rpc/${name}`;
        expectShut(
          await ask({ method: 'GET', path, headers: { ...bare, 'sec-fetch-site': site } }),
          path,
          [401, 403, 404],
        );
      }
    }
  });

  it('cannot post a form to any command, even with a token that it guessed right', async () => {
    for (const name of commandNames) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      expectShut(await ask({ path: `/rpc/${name}`, headers, body: 'a=b' }), name, [415]);
      const crossed = { origin: 'https://evil.example' };
      expectShut(await ask({ path: `/rpc/${name}`, headers: crossed, body: '{}' }), name, [403]);
    }
  });
});

describe('a program of another user', () => {
  it.each<[string, Ask['headers']]>([
    ['no token', { authorization: null }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['part of it', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['more than it', { authorization: `Bearer ${token}T` }],
    ['it, in another scheme', { authorization: `Basic ${token}` }],
    ['two, the first of them wrong', { authorization: ['Bearer x', `Bearer ${token}`] }],
    ['it, as a cookie', { authorization: null, cookie: `token=${token}` }],
  ])('with %s', async (_, headers) => {
    expectShut(await ask({ headers: headers ?? {}, body: '{}' }), 'token', [400, 401]);
  });

  it('with the token in the address', async () => {
    for (const path of [`/rpc/status?token=${token}`, `/events?token=${token}`, `/events?${token}`]) {
      const headers = { authorization: null };
      const said = await ask({ path, method: path.startsWith('/events') ? 'GET' : 'POST', headers, body: '' });
      expect([401, 404]).toContain(said.status);
      expect(calls).toEqual([]);
    }
  });

  it('is answered five guesses a second at most, of tickets too, and locks nobody out', async () => {
    const guess = (path: string) => ask({ path, headers: { authorization: `Bearer ${'x'.repeat(43)}` }, body: '{}' });
    for (let tries = 0; tries < 5; tries++) {
      expect((await guess(tries % 2 === 0 ? '/session' : '/rpc/status')).status).toBe(401);
    }
    for (let tries = 0; tries < 20; tries++) expect((await guess('/session')).status).toBe(429);
    expect((await ask({ body: '{}' })).status).toBe(200);
    const page = { origin: null, authorization: null, 'content-type': null, 'content-length': null };
    expect((await ask({ method: 'GET', path: '/', headers: page })).status).toBe(200);
    time += 1001;
    expect((await guess('/session')).status).toBe(401);
  });

  it('on another computer finds nothing that listens', async ({ skip }) => {
    const outer = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (outer === undefined) return skip('this computer has no address but its own');
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: door.port, host: outer.address, timeout: 2000 }, () => resolve(true));
      socket.on('error', () => resolve(false)).on('timeout', () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

describe('paths and methods', () => {
  it.each([
    '/rpc/',
    '/rpc/status/',
    '/rpc/status?x=1',
    '/rpc/status#x',
    '//rpc/status',
    '/RPC/status',
    '/rpc/%73tatus',
    '/rpc/status%00',
    '/rpc/../rpc/status',
    '/rpc/./status',
    '/rpc//status',
    '/rpc\\status',
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fdaemon.json',
  ])('%s leads nowhere', async (path) => {
    expectShut(await ask({ path, body: '{}' }), path, [400, 403, 404]);
    expectShut(await ask({ path, method: 'GET' }), path, [400, 403, 404]);
  });

  it('names that every object has are no commands', async () => {
    for (const name of [
      'constructor',
      'prototype',
      'listen',
      'then',
      'tostring',
      'valueof',
      'hasownproperty',
      'close',
    ]) {
      const { said, status } = await ask({ path: `/rpc/${name}`, body: '{}' });
      expect(status === 404 || said.includes('"ok":false'), `${name}: ${said}`).toBe(true);
      expect(calls).toEqual([]);
    }
  });

  it.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE', 'CONNECT', 'PROPFIND', 'LOCK'])(
    '%s is no way in',
    async (method) => {
      expectShut(await ask({ method, body: '' }), method, [0, 400, 403]);
    },
  );

  it('two lengths of one body, and two bodies in one request, are refused', async () => {
    expectShut(await ask({ headers: { 'transfer-encoding': 'chunked' }, body: '0\r\n\r\n' }), 'both', [400]);
    expectShut(await ask({ headers: { 'content-length': ['2', '3'] }, body: '{}' }), 'two', [400]);
  });

  it('a body without an end is cut', async () => {
    const head = { 'content-length': null, 'transfer-encoding': 'chunked' };
    const chunk = `${(512 * 1024).toString(16)}\r\n${' '.repeat(512 * 1024)}\r\n`;
    const { status } = await ask({ headers: head, body: `${chunk.repeat(3)}0\r\n\r\n` });
    expect(status).toBe(413);
    expect(calls).toEqual([]);
  });
});
