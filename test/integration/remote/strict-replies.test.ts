import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { AbortSignalLike } from '../../../src/common/clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { HttpStorageOptions } from '../../../src/remote/http-storage-api.ts';
import type { Hint } from '../../../src/remote/storage-api.ts';
import { toBase64url } from '../../../src/wire/base64url.ts';
import { encodeFrameHeader } from '../../../src/wire/frame.ts';
import { eventually } from '../../helpers/eventually.ts';
import { bytes, makeAccount, makeEntry, makeEvent, makeVault, random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const id = newId<ObjectId>(random);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A client of a server that answers as it likes. */
async function answering(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<HttpStorageOptions> = {},
) {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response, ++count);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api: connectTo(url, { token: () => 'token', ...options }), requests: () => count };
}

const json = { 'content-type': 'application/json' };
const conflict = (error: object) => (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(409, json).end(JSON.stringify({ error: { kind: 'conflict', message: 'm', ...error } }));
const tampered = { kind: 'security', security: 'E_AUTH' };
const tooLarge = { kind: 'security', security: 'E_LIMIT' };

async function first(objects: AsyncIterable<unknown>): Promise<unknown> {
  for await (const object of objects) return object;
  return undefined;
}

describe('answers that are not quite right', () => {
  it('are not decompressed, whatever they say of themselves [P5]', async () => {
    const { api } = await answering((_, response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"vaults":[]}')),
    );
    await expect(api.listVaults()).rejects.toMatchObject(tampered);
  });

  it('say nothing if they are no UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"error":{"kind":"usage","reason":"x","message":"'),
      Buffer.from([0xff]),
      Buffer.from('"}}'),
    ]);
    const { api } = await answering((_, response) => response.writeHead(403, json).end(body));
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'http-403' });
  });

  it('give no object above its limit, without a declared length or in a frame', async () => {
    const block = bytes(4 * 1024 * 1024 + 17);
    const single = await answering((_, response) => {
      response.writeHead(200);
      response.write(block);
      response.end();
    });
    await expect(single.api.getObject(vault, id)).rejects.toMatchObject(tooLarge);
    const framed = await answering((_, response) => {
      response.end(Buffer.concat([encodeFrameHeader(id, block.length), block]));
    });
    await expect(first(framed.api.getObjects(vault, [id]))).rejects.toMatchObject(tampered);
  });

  it('give no more than the range that was asked for', async () => {
    const { api } = await answering((_, response) => response.writeHead(206).end(bytes(20)));
    await expect(api.getObject(vault, id, { range: { start: 0, end: 10 } })).rejects.toMatchObject(tampered);
  });

  it('do not pass another conflict for a lost race, nor ask for objects that they do not name', async () => {
    const account = makeAccount();
    const head = { seq: 1, hash: toBase64url(bytes(32)) };
    const taken = await answering(conflict({ reason: 'email-taken', head }));
    const event = makeEvent(account, { kind: 'device-revoke', device: account.device.id });
    await expect(taken.api.appendEvent(event)).rejects.toMatchObject({ kind: 'conflict', reason: 'email-taken' });
    const nothing = await answering(conflict({ reason: 'objects-missing', missing: '' }));
    await expect(nothing.api.appendEntry(vault, makeEntry(makeVault(account)))).rejects.toMatchObject(tampered);
  });
});

describe('a server that is never content', () => {
  it('does not keep a client signing in', async () => {
    const error = { kind: 'refused', reason: 'session', message: 'over' };
    const { api, requests } = await answering(
      (_, response, count) =>
        response.writeHead(count > 9 ? 200 : 401, json).end(JSON.stringify({ error, vaults: [] })),
      { renew: async () => undefined },
    );
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
    expect(requests()).toBe(2);
  });

  it('is heard again where it could not be reached just when it wanted a new sign-in', async () => {
    const over = JSON.stringify({ error: { kind: 'refused', reason: 'session', message: 'over' } });
    let renewals = 0;
    const { api } = await answering(
      (_, response) => {
        if (renewals < 2) response.writeHead(401, json).end(over);
        else response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
      },
      {
        renew: async () => {
          if (++renewals === 1) throw new HoldfastError('offline', 'The server cannot be reached.');
        },
      },
    );
    const stop = new AbortController();
    const hints: Hint[] = [];
    const ended = api.hints(stop.signal, (hint) => hints.push(hint));
    await Promise.race([ended, eventually(() => hints.some(({ type }) => type === 'connected'))]);
    stop.abort();
    await ended;
    expect(renewals).toBe(2);
  });

  async function listening(answer: (response: ServerResponse) => void, silence?: number): Promise<void> {
    const { api, requests } = await answering(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        answer(response);
      },
      silence === undefined ? {} : { silence },
    );
    const stop = new AbortController();
    const ended = api.hints(stop.signal, () => undefined);
    await eventually(() => requests() > 1);
    stop.abort();
    await ended;
  }

  it('is asked less and less often when its streams end at once', async () => {
    const waits: number[] = [];
    // Whether the computer slept is looked at as always; a try is waited for no time at all.
    const sleep = async (ms: number, signal?: AbortSignalLike) =>
      ms === 10_000 ? systemClock.sleep(ms, signal) : void waits.push(ms);
    const { api } = await answering(
      (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': here\n\n'),
      { clock: { ...systemClock, sleep } },
    );
    const stop = new AbortController();
    const ended = api.hints(stop.signal, () => undefined);
    await eventually(() => waits.length > 8);
    stop.abort();
    await ended;
    expect(waits[8]).toBeGreaterThan(30_000);
  });

  it('is left when an event does not end', async () => {
    await listening((response) => response.write(`data: ${'x'.repeat(70_000)}`));
  });

  it('is left when its stream falls silent', async () => {
    await listening((response) => response.write(': here\n\n'), 300);
  });
});
