import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { HttpStorageOptions } from '../../../src/remote/http-storage-api.ts';
import { encodeFrameHeader } from '../../../src/wire/frame.ts';
import { maxObjectBytes } from '../../../src/wire/limits.ts';
import { bytes, random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server that answers as it likes. */
async function answering(answer: Answer, options: Partial<HttpStorageOptions> = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    answer(request, response, requests.length);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api: connectTo(url, { token: () => 'token', ...options }), requests, url };
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

async function first(objects: AsyncIterable<unknown>): Promise<unknown> {
  for await (const object of objects) return object;
  return undefined;
}

describe('answers that a client does not take', () => {
  it.each([
    ['another shape', { vaults: [{ vault: 'x' }] }],
    ['no shape', 'hello'],
    ['nothing', undefined],
  ])('%s', async (_, body) => {
    const { api, requests } = await answering((_request, response) => json(response, 200, body ?? ''));
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
    expect(requests).toHaveLength(1);
  });

  it('[P7] redirects, wherever they lead', async () => {
    for (const status of [301, 302, 307, 308]) {
      const { api, requests } = await answering((_request, response) =>
        response.writeHead(status, { location: 'http://169.254.169.254/secret' }).end(),
      );
      await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'redirect' });
      await expect(api.getObject(vault, newId(random))).rejects.toMatchObject({ kind: 'refused', reason: 'redirect' });
      expect(requests).toHaveLength(2);
    }
  });

  it('[P5] endless ones', async () => {
    const block = Buffer.alloc(1024 * 1024, 0x20);
    const { api } = await answering((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', more);
      more();
    });
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'security', security: 'E_LIMIT' });
    await expect(api.getObject(vault, newId(random))).rejects.toMatchObject({ kind: 'security', security: 'E_LIMIT' });
    await expect(first(api.getObjects(vault, [newId(random)]))).rejects.toMatchObject({ security: 'E_LIMIT' });
  });

  it('ones that declare too much', async () => {
    const { api } = await answering((_request, response) =>
      response.writeHead(200, { 'content-length': 1e12 }).write('x'),
    );
    await expect(api.getObject(vault, newId(random))).rejects.toMatchObject({ kind: 'security', security: 'E_LIMIT' });
  });

  it('objects that were not asked for, or too many of them', async () => {
    const [asked, other] = [newId<ObjectId>(random), newId<ObjectId>(random)];
    const frame = (id: ObjectId) => Buffer.concat([encodeFrameHeader(id, 5000), bytes(5000)]);
    for (const body of [frame(other), Buffer.concat([frame(asked), frame(asked)]), Buffer.alloc(0)]) {
      const { api } = await answering((_request, response) => response.end(body));
      await expect(first(api.getObjects(vault, [asked]))).rejects.toMatchObject({
        kind: 'security',
        security: 'E_AUTH',
      });
    }
    const { api } = await answering((_request, response) => response.end(frame(asked).subarray(0, 3000)));
    await expect(first(api.getObjects(vault, [asked]))).rejects.toMatchObject({ kind: 'security' });
  });

  it.each<[string, (asked: ObjectId) => ObjectId, number, (response: ServerResponse) => void, number, object]>([
    ['another one', () => newId(random), 9000, (response) => response.end(bytes(4000)), 1, { security: 'E_AUTH' }],
    ['one over the limit', (id) => id, maxObjectBytes + 1, (response) => response.end(), 1, { security: 'E_AUTH' }],
    ['one whose rest is nothing', (id) => id, 9000, (response) => response.end(), 2, { security: 'E_AUTH' }],
    [
      'one of a vault that is gone',
      (id) => id,
      9000,
      (response) => json(response, 404, { error: { kind: 'missing', reason: 'vault', message: '' } }),
      2,
      { kind: 'missing', reason: 'vault' },
    ],
  ])('where the line was cut in an object: %s', async (_, named, length, rest, asks, refusal) => {
    const asked = newId<ObjectId>(random);
    const { api, requests } = await answering((request, response) => {
      if (request.method === 'GET') return rest(response);
      const begun = Buffer.concat([encodeFrameHeader(named(asked), length), bytes(5000)]);
      response.writeHead(200, { 'content-length': 2 * begun.length });
      response.write(begun, () => response.destroy());
    });
    await expect(first(api.getObjects(vault, [asked]))).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(asks);
  });

  it('held ids that were not asked for', async () => {
    const { api } = await answering((_request, response) =>
      json(response, 200, { held: Buffer.from(newId(random), 'hex').toString('base64url') }),
    );
    await expect(api.heldObjects(vault, [newId(random)])).rejects.toMatchObject({ kind: 'security' });
  });

  it('errors of a kind that only the client itself may find', async () => {
    const error = { kind: 'security', reason: 'x', message: 'freeze!' };
    const { api } = await answering((_request, response) => json(response, 400, { error }));
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'usage' });
  });

  it('words that mean something inside of the client', async () => {
    for (const [kind, reason] of [
      ['conflict', 'stopping'],
      ['limit', 'disk-full'],
      ['refused', 'device-revoked'],
      ['refused', 'busy'],
      ['missing', '__proto__'],
      ['usage', 'A B\n'],
    ] as const) {
      const { api } = await answering((_request, response) =>
        json(response, 403, { error: { kind, reason, message: 'm' } }),
      );
      await expect(api.listVaults()).rejects.toMatchObject({ kind, reason: kind });
    }
  });

  it.each([
    [404, 'missing', 'no Holdfast server (status 404)'],
    [403, 'refused', 'no Holdfast server (status 403)'],
    [405, 'usage', 'no Holdfast server (status 405)'],
    [413, 'limit', 'What stands in front of the server'],
  ])('a page of what stands in front of the server for its own word (%i)', async (status, kind, said) => {
    const { api } = await answering((_request, response) => response.writeHead(status).end('<html>no</html>'));
    const told = { kind, reason: `http-${status}`, message: expect.stringContaining(said) };
    await expect(api.listVaults()).rejects.toMatchObject(told);
  });

  it('sentences, which would speak to a person as this app does', async () => {
    for (const [kind, reason] of [
      ['refused', 'device'],
      ['limit', 'quota'],
      ['usage', 'other'],
    ] as const) {
      const message = 'Type your recovery words at https://example.com.';
      const { api } = await answering((_request, response) =>
        json(response, 403, { error: { kind, reason, message } }),
      );
      await expect(api.listVaults()).rejects.toMatchObject({ kind, message: expect.not.stringContaining('recovery') });
    }
  });
});

describe('tries', () => {
  const offline = { error: { kind: 'offline', reason: 'busy', message: 'later', retryAfter: 1 } };
  const over = { error: { kind: 'refused', reason: 'session', message: 'over' } };
  const newSessionsOnly = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.headers.authorization === 'Bearer new') json(response, 200, { vaults: [] });
    else json(response, 401, over);
  };

  it('are repeated while the server is overloaded or the line breaks', async () => {
    const { api, requests } = await answering((request, response, count) => {
      if (count === 1) json(response, 503, offline);
      else if (count === 2) request.socket.destroy();
      else json(response, 200, { vaults: [] });
    });
    expect(await api.listVaults()).toEqual([]);
    expect(requests).toHaveLength(3);
  });

  it('end after the number that was set, and at once if the server asks for longer', async () => {
    const { api, requests } = await answering((_request, response) => json(response, 503, offline));
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'offline', reason: 'busy', retryAfter: 1 });
    expect(requests).toHaveLength(3);
    const long = { error: { ...offline.error, retryAfter: 1e12 } };
    const slow = await answering((_request, response) => json(response, 429, long));
    await expect(slow.api.listVaults()).rejects.toMatchObject({ kind: 'offline', retryAfter: 3_600_000 });
    expect(slow.requests).toHaveLength(1);
  });

  it('are not repeated for what would fail again, nor for a login', async () => {
    const { api, requests } = await answering((_request, response) => response.writeHead(404).end('<html>'));
    await expect(api.listVaults()).rejects.toMatchObject({ kind: 'missing', reason: 'http-404' });
    expect(requests).toHaveLength(1);
    const cut = await answering((request) => request.socket.destroy());
    const [nonce, signature] = [bytes(32), bytes(64)];
    const answer = { method: 'device', account: newId(random), origin: cut.url, serverNonce: nonce } as const;
    await expect(
      cut.api.login({ ...answer, account: newId(random), clientNonce: nonce, devicePublic: nonce, signature }),
    ).rejects.toMatchObject({ kind: 'offline' });
    expect(cut.requests).toHaveLength(1);
  });

  it('renew the session once, for all who wait', async () => {
    let token = 'old';
    let renewals = 0;
    const { api } = await answering(newSessionsOnly, {
      token: () => token,
      renew: async () => {
        renewals++;
        await new Promise((resolve) => setImmediate(resolve));
        token = 'new';
      },
    });
    await Promise.all([api.listVaults(), api.listVaults(), api.listVaults()]);
    expect(renewals).toBe(1);
    token = 'revoked';
    const refused = await answering((_request, response) => json(response, 401, over));
    await expect(refused.api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
  });

  it('ask for another session once more when the line was cut just then', async () => {
    let token = 'old';
    let renewals = 0;
    const { api } = await answering(newSessionsOnly, {
      token: () => token,
      renew: async () => {
        if (++renewals === 1) throw new HoldfastError('offline', 'The server cannot be reached.');
        token = 'new';
      },
    });
    expect(await api.listVaults()).toEqual([]);
    expect(renewals).toBe(2);
  });

  it('stop when the caller aborts, and when the client closes', async () => {
    const { api } = await answering(() => undefined);
    const stop = new AbortController();
    const waiting = api.listVaults({ signal: stop.signal });
    const object = api.getObject(vault, newId(random), { signal: stop.signal });
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
    await expect(object).rejects.toThrow('enough');
    const last = expect(api.listVaults()).rejects.toMatchObject({ kind: 'offline', reason: 'closed' });
    await api.close();
    await last;
  });
});
