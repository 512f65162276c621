import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import type { ServerOptions } from '../../../src/server/start-server.ts';
import { testCertificate } from '../../fakes/test-certificates.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type Child, startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import {
  acceptEntry,
  createVault,
  login,
  makeEntry,
  makeObject,
  type TestAccount,
  type TestVault,
} from '../../helpers/test-account.ts';
import { connectTo, signUp } from '../../helpers/test-server.ts';

/** P7 the other way round: clients that take their time, against the server as a process of its own. */

const program = join(import.meta.dirname, 'serve-child.ts');
const mib = 1024 * 1024;
/** Bytes that the server may hold whatever it is asked (security.md, O6). */
const mostMemory = 512 * mib;

let child: Child;
let url: string;
let sockets: Socket[];
let opened: StorageApi[];

async function start(options: Partial<ServerOptions> = {}): Promise<void> {
  child = startNode([program, await tempFolder('server'), JSON.stringify(options)]);
  ({ url } = JSON.parse(await child.line((line) => line.startsWith('{'), 30_000)) as { url: string });
}

beforeEach(() => {
  sockets = [];
  opened = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(opened.map((api) => api.close()));
  await child.kill();
});

const connecting = (options: object) => {
  const api = connectTo(url, options);
  opened.push(api);
  return api;
};

interface Person {
  readonly account: TestAccount;
  readonly api: StorageApi;
  readonly vault: TestVault;
  readonly token: string;
}

async function person(): Promise<Person> {
  const { api, account } = await signUp(connecting);
  return { api, account, vault: await createVault(api, account), token: (await login(api, account)).token };
}

/** A client that says `text` and reads nothing. */
async function say(text: string | Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write(text);
  return socket;
}

const head = (method: string, path: string, token: string, more = '') =>
  `${method} /v1/${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n${more}\r\n`;

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${url}/v1/metrics`)).text();
  return Number(new RegExp(`^holdfast_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** What a person does, within the time of the test. */
async function isServed({ api, vault }: Person): Promise<void> {
  const object = makeObject(2 * mib);
  await api.putObjects(vault.id, [object]);
  expect((await api.getObject(vault.id, object.id)).length).toBe(2 * mib);
  const entry = makeEntry(vault, { retained: [object.id] });
  await api.appendEntry(vault.id, entry);
  acceptEntry(vault, entry);
  await api.getLog(vault.id, 0);
}

const isOpen = (socket: Socket): boolean => !socket.destroyed;
const mustClose = (socket: Socket) => eventually(() => !isOpen(socket), { what: 'the end of the connection' });

it('[P7] headers that trickle in are cut off', async () => {
  await start({ patience: 400 });
  const other = await person();
  const slow = await Promise.all(Array.from({ length: 40 }, () => say('GET /v1/health HTTP/1.1\r\n')));
  const trickle = setInterval(() => {
    for (const socket of slow.filter(isOpen)) socket.resume().write('x-a: b\r\n');
  }, 50);
  await isServed(other);
  await Promise.all(slow.map(mustClose)).finally(() => clearInterval(trickle));
});

it('[P7] of very many connections the idle ones go, not those of who is signed in', async () => {
  await start({ connections: 60 });
  const other = await person();
  const stream = (await say(head('GET', 'events', other.token))).resume();
  let heard = '';
  stream.on('data', (text) => {
    heard += String(text);
  });
  await eventually(() => heard.includes('event: vault'));
  const idle: Socket[] = [];
  for (let n = 0; n < 200; n++) idle.push((await say(n % 2 === 0 ? '' : 'GET /v1/he')).resume());
  await eventually(() => idle.filter(isOpen).length <= 60);
  await isServed(other);
  await eventually(() => heard.includes(`"seq":${other.vault.head.seq}`));
  expect(isOpen(stream)).toBe(true);
});

it('[P7] of very many connections by TLS those go that do not even shake hands', async () => {
  await start({ connections: 20, tls: testCertificate, patience: 120_000 });
  const idle = await Promise.all(Array.from({ length: 100 }, () => say('')));
  for (const socket of idle) socket.resume();
  await eventually(() => idle.filter(isOpen).length <= 20);
});

const octets = (length: number) => `content-type: application/octet-stream\r\ncontent-length: ${length}\r\n`;

it('[P7] bodies that do not come hold up no one else, and end', async () => {
  await start({ patience: 400 });
  const [slow, other] = [await person(), await person()];
  const bodies = await Promise.all(
    Array.from({ length: 12 }, (_, n) => {
      const path = n % 2 === 0 ? 'objects' : 'log';
      return say(head('POST', `vaults/${slow.vault.id}/${path}`, slow.token, octets(8 * mib)));
    }),
  );
  const trickle = setInterval(() => {
    for (const socket of bodies.filter(isOpen)) socket.resume().write('x');
  }, 50);
  await isServed(other);
  expect(await metric('resident_bytes')).toBeLessThan(mostMemory);
  await Promise.all(bodies.map(mustClose)).finally(() => clearInterval(trickle));
  await isServed(slow);
});

it.each([
  ['JSON', 'PUT', 'checkpoint'],
  ['JSON where objects belong', 'POST', 'log'],
])('[P7] large bodies of %s that do not end do not fill the memory', async (_, method, path) => {
  await start({ patience: 400 });
  const [slow, other] = [await person(), await person()];
  const declared = `content-type: application/json\r\ncontent-length: ${8 * mib}\r\n`;
  const ask = head(method, `vaults/${slow.vault.id}/${path}`, slow.token, declared);
  const most = Buffer.alloc(8 * mib - 1, '"');
  const bodies = await Promise.all(Array.from({ length: 80 }, () => say(ask)));
  for (const socket of bodies) socket.resume().write(most);
  await isServed(other);
  expect(await metric('resident_bytes')).toBeLessThan(mostMemory);
  await Promise.all(bodies.map(mustClose));
  await isServed(slow);
});

it('[P7] objects that are not read hold up no one else, and end', async () => {
  await start({ patience: 400 });
  const [slow, other] = [await person(), await person()];
  const objects = [makeObject(4 * mib), makeObject(4 * mib - 100)];
  for (const object of objects) await slow.api.putObjects(slow.vault.id, [object]);
  const body = JSON.stringify({ ids: objects.map(({ id }) => id) });
  const ask = head(
    'POST',
    `vaults/${slow.vault.id}/objects/get`,
    slow.token,
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n`,
  );
  // What the kernel keeps for a connection is more than one of them.
  const readers = await Promise.all(Array.from({ length: 12 }, () => say((ask + body).repeat(6))));
  const trickle = setInterval(() => {
    for (const socket of readers) socket.read(1000);
  }, 50);
  await isServed(other);
  expect(await metric('resident_bytes')).toBeLessThan(mostMemory);
  await eventually(async () => (await metric('connections')) <= 5, { what: 'the end of the readers' }).finally(() =>
    clearInterval(trickle),
  );
  await isServed(slow);
});

it('[P7] a log that is not read does not fill the memory', async () => {
  await start();
  const [slow, other] = [await person(), await person()];
  for (let n = 0; n < 3; n++) {
    const entry = makeEntry(slow.vault, { ciphertext: new Uint8Array(700_000) });
    await slow.api.appendEntry(slow.vault.id, entry);
    acceptEntry(slow.vault, entry);
  }
  const ask = head('GET', `vaults/${slow.vault.id}/log?after=0`, slow.token).repeat(10);
  await Promise.all(Array.from({ length: 40 }, () => say(ask)));
  await isServed(other);
  expect(await metric('resident_bytes')).toBeLessThan(mostMemory);
});

it('[P7] so many requests of one account are under way at most', async () => {
  await start();
  const [slow, other] = [await person(), await person()];
  const begun = head('POST', 'account/chain', slow.token, 'content-type: application/json\r\ncontent-length: 1000\r\n');
  await Promise.all(Array.from({ length: 256 }, () => say(begun)));
  await eventually(async () => {
    const answer = await fetch(`${url}/v1/vaults`, { headers: { authorization: `Bearer ${slow.token}` } });
    return answer.status === 503 && /too many requests/.test(await answer.text());
  });
  await isServed(other);
});
