import { mkdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/app/system-clock.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';
import type { RouteName } from '../../src/wire/route.ts';
import { type CliDevice, cliDevice } from '../helpers/cli.ts';
import { tempFolder } from '../helpers/temp.ts';
import { type Liar, type Lie, startLiar } from './harness/liar.ts';

/** Answers that are to fill memory or time, against the client as a process of its own, which is measured. */

/** Bytes that a client may hold whatever it is told (security.md, O6). */
const mostMemory = 512 * 1024 * 1024;
/** Microseconds of a processor. */
const longestRun = 30_000_000;

let liar: Liar;
let server: RunningServer;
let device: CliDevice;
let folder: string;

beforeAll(async () => {
  liar = await startLiar();
  const door = await liar.door('client');
  server = await startServer({
    dataDir: await tempFolder('server'),
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    origins: [door],
  });
  liar.aim(server.url);
  device = await cliDevice();
  folder = join(device.home, '..', 'folder');
  mkdirSync(folder);
  const made = await device.run(['signup', '--server', door, '--email', 'bomb@example.org']);
  expect(made.code, made.stderr).toBe(0);
  expect((await device.run(['add', folder])).code).toBe(0);
  expect((await device.run(['sync'])).code).toBe(0);
});
afterAll(async () => {
  await liar.close();
  await server.close();
});

const json = { 'content-type': 'application/json' };

/** Writes without an end, as fast as it is read. */
const endless =
  (block: Buffer, headers = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { ...json, ...headers });
    const more = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', more);
    more();
  };

const to =
  (name: RouteName, said: (response: ServerResponse) => void): Lie =>
  (asked) =>
    asked.name === name ? said : null;

/** Not `maxRSS` where there is better: a process begins with what its parent took there. */
const atExit = `
  import { readFileSync } from 'node:fs';
  const most = () => {
    try {
      return /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    } catch {
      return process.resourceUsage().maxRSS;
    }
  };
  process.on('exit', () => process._rawDebug('most memory ' + most() + ', busy ' + process.cpuUsage().user));
`;
const measure = `data:text/javascript,${encodeURIComponent(atExit)}`;

/** Runs `sync` under the lie; gives its exit code. It has to end, and stay small. */
async function sync(lie: Lie): Promise<number | null> {
  const end = liar.lie(lie);
  const { code, stderr } = await device.run(['sync'], { NODE_OPTIONS: `--import ${measure}` });
  end();
  // Not by the clock, which the whole machine shares.
  expect(Number(/busy (\d+)/.exec(stderr)?.[1])).toBeLessThan(longestRun);
  const most = Number(/most memory (\d+)/.exec(stderr)?.[1]) * 1024;
  expect(most).toBeGreaterThan(10 * 1024 * 1024);
  expect(most, stderr).toBeLessThan(mostMemory);
  expect(stderr).not.toContain('This is a bug');
  return code;
}

describe('P5: bombs', () => {
  it.each<[string, RouteName, (response: ServerResponse) => void]>([
    ['a log without an end', 'getLog', endless(Buffer.alloc(1024 * 1024, 0x20))],
    ['a chain of a length of 1 TB', 'getChain', endless(Buffer.alloc(1024 * 1024, 0x20), { 'content-length': 1e12 })],
    [
      'a hundred megabytes of nothing in a hundred kilobytes of gzip, again and again',
      'getLog',
      endless(gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'content-encoding': 'gzip' }),
    ],
  ])('%s', async (_, name, said) => {
    expect([2, 3, 4, 5]).toContain(await sync(to(name, said)));
  });
});

describe('P6: documents that are hard to read', () => {
  it.each<[string, string]>([
    ['three million brackets', '['.repeat(3_000_000)],
    [
      'names that mean something to the language',
      '{"__proto__":{"isLast":true},"constructor":{"prototype":1},"entries":[]}',
    ],
    ['numbers beyond what is exact', '{"entries":[],"head":{"seq":1e400,"hash":""},"isLast":true}'],
  ])('%s', async (_, text) => {
    const said = (response: ServerResponse): void => void response.writeHead(200, json).end(text);
    expect([2, 3, 4]).toContain(await sync(to('getLog', said)));
  });
});

describe('P7: tricks of HTTP', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    [
      'a redirect to where the computer’s own things are',
      (response) => void response.writeHead(307, { location: 'file:///etc/passwd' }).end(),
    ],
    [
      'a megabyte of headers',
      (response) => {
        response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1024 * 1024)}\r\n\r\n`);
      },
    ],
    [
      'ten thousand times “go on”, then nothing',
      (response) => {
        response.socket?.end('HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000));
      },
    ],
    ['“come back in ten years”', (response) => void response.writeHead(503, { 'retry-after': '315360000' }).end()],
    ['no HTTP at all', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n')],
  ])('%s', async (_, said) => {
    expect([2, 3, 4]).toContain(await sync(to('getLog', said)));
  });

  it('cookies are not kept, nor sent back', async () => {
    const end = liar.lie(async (_, truth) => {
      const answer = await truth();
      return { ...answer, headers: { ...answer.headers, 'set-cookie': 'who=you; Path=/', 'x-next': '/v1/other' } };
    });
    liar.forget();
    expect((await device.run(['sync'])).code).toBe(0);
    expect(liar.asked.length).toBeGreaterThan(1);
    expect(liar.asked.filter(({ headers }) => headers.cookie !== undefined)).toEqual([]);
    end();
  });

  it('and then all is as it was', async () => {
    expect((await device.run(['sync'])).code).toBe(0);
  });
});
