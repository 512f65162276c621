import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askAddress, remoteService } from '../../../src/app/door/door-client.ts';
import { type LoopbackDoor, openLoopbackDoor } from '../../../src/app/door/loopback-door.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import type { HomeStatus, RpcEvent } from '../../../src/rpc/home-report.ts';
import { rpcVersion } from '../../../src/rpc/version.ts';
import { eventually } from '../../helpers/eventually.ts';

const token = 'T'.repeat(43);
const status: HomeStatus = { state: 'no-folders', message: 'Nothing yet.', isRunning: true, account: null, pairs: [] };

let door: LoopbackDoor;
let calls: string[];
let listeners: Set<(event: RpcEvent) => void>;
let time = 0;

const service = {
  status: async () => {
    calls.push('status');
    return status;
  },
  trash: async () => {
    throw new HoldfastError('security', 'The server lied.', { security: 'E_FORK' });
  },
  stop: async () => {
    throw new TypeError('canary in a bug');
  },
  listen: (listener: (event: RpcEvent) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
} as unknown as Service;

const files = new Map([
  ['/', { type: 'text/html; charset=utf-8', read: () => Buffer.from('<!doctype html>') }],
  ['/assets/a.js', { type: 'text/javascript; charset=utf-8', read: () => Buffer.from('1') }],
]);

const openDoor = () =>
  openLoopbackDoor({ service, token, files, logger: silentLogger, random: systemRandom, monotonic: () => time });

beforeEach(async () => {
  calls = [];
  listeners = new Set();
  time = 0;
  door = await openDoor();
});
afterEach(async () => {
  vi.useRealTimers();
  await door.close();
});

const daemon = () => ({ pid: 1, port: door.port, token, rpcVersion, startedAt: 0 });

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

function ask({ method = 'POST', path = '/rpc/status', headers = {}, body = '{}' }: Ask) {
  const own: Record<string, string | null> = {
    host: `127.0.0.1:${door.port}`,
    origin: `http://127.0.0.1:${door.port}`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== null));
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: door.port, method, path, headers: sent, agent: false, setHost: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      },
    );
    asked.on('error', reject);
    asked.end(method === 'GET' ? undefined : body);
  });
}

describe('the loopback door', () => {
  it('lets in who knows the token and comes from its own origin', async () => {
    const answer = await ask({});
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ ok: true, value: status });
    expect(
      (await ask({ headers: { host: `localhost:${door.port}`, origin: `http://localhost:${door.port}` } })).status,
    ).toBe(200);
  });

  it.each<[string, Ask, number]>([
    ['a name that was rebound to 127.0.0.1', { headers: { host: 'evil.example:80' } }, 403],
    ['another port in Host', { headers: { host: '127.0.0.1:1' } }, 403],
    ['Host without port', { headers: { host: '127.0.0.1' } }, 403],
    ['Host 0.0.0.0', { headers: { host: '0.0.0.0' } }, 403],
    ['no Origin', { headers: { origin: null } }, 403],
    ['a foreign Origin', { headers: { origin: 'https://evil.example' } }, 403],
    ['Origin null, as of a sandboxed frame', { headers: { origin: 'null' } }, 403],
    ['another port in Origin', { headers: { origin: 'http://127.0.0.1:1' } }, 403],
    ['https instead of http in Origin', { headers: { origin: 'https://127.0.0.1' } }, 403],
    ['a request across sites', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['a request from another port of this host', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['a preflight', { method: 'OPTIONS' }, 403],
    ['PUT', { method: 'PUT' }, 403],
    ['an absolute-form target', { path: 'http://evil.example/rpc/status' }, 403],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['plain text', { headers: { 'content-type': 'text/plain' } }, 415],
    ['no content type', { headers: { 'content-type': null } }, 415],
    ['no token', { headers: { authorization: null } }, 401],
    ['a wrong token', { headers: { authorization: `Bearer ${'t'.repeat(43)}` } }, 401],
    ['a beginning of the token', { headers: { authorization: `Bearer ${'T'.repeat(42)}` } }, 401],
    ['an <img> or <script> GET on a command', { method: 'GET', headers: { origin: null } }, 404],
    ['events for a foreign page', { method: 'GET', path: '/events', headers: { origin: 'https://evil.example' } }, 403],
    ['events without the token', { method: 'GET', path: '/events', headers: { authorization: null } }, 401],
    ['another path', { path: '/' }, 404],
    ['a path that climbs', { path: '/rpc/../status' }, 404],
    ['no JSON', { body: '{"a":' }, 400],
    ['a body beyond the limit', { body: `"${'x'.repeat(1024 * 1024)}"` }, 413],
  ])('does not let in %s', async (_, bad, expected) => {
    const answer = await ask(bad);
    expect(answer.status).toBe(expected);
    expect(calls).toEqual([]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(answer.text).not.toContain(token);
  });

  it('says on every answer that it is not to be framed, kept or guessed about', async () => {
    for (const asked of [{}, { path: '/none' }, { headers: { host: 'evil.example' } }]) {
      expect((await ask(asked)).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
  });

  it('gives the page to anyone on this computer, with a policy that lets it load and reach nothing else', async () => {
    const plain = { method: 'GET', headers: { authorization: null, origin: null, 'content-type': null } };
    const page = await ask({ ...plain, path: '/' });
    expect([page.status, page.text]).toEqual([200, '<!doctype html>']);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).toContain("connect-src 'self'");
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
    expect((await ask({ ...plain, path: '/assets/a.js' })).status).toBe(200);
    for (const path of ['/assets/../a.js', '/assets/%2e%2e/a.js', '/assets/b.js', '/?x', '//', '/assets'])
      expect((await ask({ ...plain, path })).status, path).not.toBe(200);
    const evil = { ...plain.headers, host: 'evil.example' };
    expect((await ask({ ...plain, path: '/', headers: evil })).status).toBe(403);
    const framed = { ...plain.headers, 'sec-fetch-site': 'cross-site' };
    expect((await ask({ ...plain, path: '/', headers: framed })).status).toBe(403);
  });

  it('exchanges the ticket of an address for a token, once, and only within minutes', async () => {
    const ticketOf = (address: string) => new URL(address).hash.slice(1);
    const redeem = (ticket: string) => ask({ path: '/session', headers: { authorization: `Bearer ${ticket}` } });
    const ticket = ticketOf(door.newAddress());
    expect(door.newAddress()).not.toContain(token);
    // A ticket opens nothing by itself, and the door's own token is no ticket.
    expect((await ask({ headers: { authorization: `Bearer ${ticket}` } })).status).toBe(401);
    expect((await redeem(token)).status).toBe(401);
    const answer = await redeem(ticket);
    const page = (JSON.parse(answer.text) as { token: string }).token;
    expect((await ask({ headers: { authorization: `Bearer ${page}` } })).status).toBe(200);
    expect((await redeem(ticket)).status).toBe(401);
    expect((await redeem(page)).status).toBe(401);
    const late = ticketOf(door.newAddress());
    time += 10 * 60_000 + 1;
    expect((await redeem(late)).status).toBe(401);
  });

  it('answers five wrong tokens a second at most, and is never shut to the right one', async () => {
    const guess = async () => (await ask({ headers: { authorization: 'Bearer x' } })).status;
    for (let i = 0; i < 5; i++) expect(await guess()).toBe(401);
    expect(await guess()).toBe(429);
    expect((await ask({})).status).toBe(200);
    time = 1001;
    expect(await guess()).toBe(401);
  });

  it('gives known errors as they are, and of bugs nothing', async () => {
    await expect(remoteService(daemon()).trash({ pair: null })).rejects.toMatchObject({
      kind: 'security',
      security: 'E_FORK',
      message: 'The server lied.',
    });
    const answer = await ask({ path: '/rpc/stop' });
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false, failure: { kind: 'bug' } });
    expect(answer.text).not.toContain('canary');
  });

  it('carries the contract, events included, to a client', async () => {
    const remote = remoteService(daemon());
    expect(await remote.status({})).toEqual(status);
    const heard: RpcEvent[] = [];
    const unlisten = remote.listen((event) => heard.push(event));
    await eventually(() => listeners.size === 1);
    for (const listener of listeners) listener({ type: 'status', status });
    await eventually(() => heard.length === 1);
    expect(heard).toEqual([{ type: 'status', status }]);
    unlisten();
    await eventually(() => listeners.size === 0);
  });

  it('tells a reader that did not read for a while the last state, and that it is there before anything happens', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] }); // the heart does not beat
    const headers = { host: `127.0.0.1:${door.port}`, authorization: `Bearer ${token}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: door.port, path: '/events', headers, agent: false }, resolve);
      asked.on('error', reject).end();
    });
    await eventually(() => listeners.size === 1);
    const tell = (message: string): void => {
      for (const listener of listeners) listener({ type: 'status', status: { ...status, message } });
    };
    // More than lies on the way to it.
    for (let times = 0; times < 30; times++) tell(`${times} ${'x'.repeat(1024 * 1024)}`);
    tell('the last');
    let said = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-4096);
    });
    await eventually(() => said.includes('the last'));
    response.destroy();
    await eventually(() => listeners.size === 0);
  });

  it('gives further addresses to programs that read the daemon’s file, and to no page', async () => {
    const address = (await askAddress(daemon())) ?? '';
    const ticket = new URL(address).hash.slice(1);
    const answer = await ask({ path: '/session', headers: { authorization: `Bearer ${ticket}` } });
    const page = JSON.parse(answer.text) as { token: string };
    expect((await ask({ headers: { authorization: `Bearer ${page.token}` } })).status).toBe(200);
    for (const text of [page.token, ticket, 'X'.repeat(43)]) {
      expect((await ask({ path: '/address', headers: { authorization: `Bearer ${text}` } })).status).toBe(401);
    }
    expect((await ask({ path: '/address', method: 'GET' })).status).toBe(404);
    time += 1001;
    expect((await ask({ path: '/address', headers: { origin: 'https://evil.example' } })).status).toBe(403);
  });

  it('closes while someone listens', async () => {
    const unlisten = remoteService(daemon()).listen(() => undefined);
    await eventually(() => listeners.size === 1);
    await door.close();
    expect(listeners.size).toBe(0);
    unlisten();
    door = await openDoor();
  });

  it('tells a client of another version to restart the daemon', () => {
    expect(() => remoteService({ ...daemon(), rpcVersion: rpcVersion + 1 })).toThrow(
      expect.objectContaining({ kind: 'version' }),
    );
  });

  it('says so when the daemon is gone', async () => {
    const gone = daemon();
    await door.close();
    await expect(remoteService(gone).status({})).rejects.toMatchObject({ kind: 'conflict', reason: 'daemon-gone' });
    door = await openDoor();
  });
});
