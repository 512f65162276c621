import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Got } from 'got';
import { maxJsonReplyBytes } from '../wire/limits.ts';
import type { RouteName } from '../wire/route.ts';
import type { Bandwidth } from './bandwidth.ts';
import { agentBy, connectPatience } from './connect-by.ts';
import type { RawAnswer } from './exchange.ts';
import type { FindProxy } from './find-proxy.ts';
import type { JsonRequest, JsonTransport } from './json-transport.ts';
import { defaultPatience, type Pace, type Patience, paced } from './pace.ts';
import { oversizedReply } from './reply-failure.ts';

interface Loaded {
  readonly client: Got;
  readonly agent: { readonly http: HttpAgent; readonly https: HttpsAgent };
}

/** What a person does with the account, and a sync never asks for. */
export const accountRoutes: ReadonlySet<RouteName> = new Set<RouteName>([
  'prelogin',
  'signup',
  'challenge',
  'login',
  'logout',
  'getRecord',
  'putRecord',
  'appendEvent',
  'createVault',
  'listVaults',
  'deleteAccount',
  'deleteVault',
  'quota',
]);

/**
 * The calls of {@link accountRoutes}, by got: no redirects, no cookies, no decompression, no answer above its limit. Got is
 * loaded with the first of them, and so is Node's own `http`, whose import brings `WebSocket` along: that takes longer than a
 * whole sync that finds nothing.
 */
export function createAccountTransport(
  origin: string,
  bandwidth: Bandwidth,
  findProxy: FindProxy | null = null,
  patience: Patience = defaultPatience,
): JsonTransport {
  let loading: Promise<Loaded> | null = null;

  async function load(): Promise<Loaded> {
    const [{ default: got }, http, https] = await Promise.all([import('got'), import('node:http'), agentBy(findProxy)]);
    const agent = { http: new http.Agent({ keepAlive: true }), https };
    const client = got.extend({
      agent,
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      decompress: false,
      timeout: {
        lookup: connectPatience,
        connect: connectPatience,
        secureConnect: connectPatience,
        socket: 60_000,
        response: 60_000,
      },
      headers: { accept: 'application/json', 'user-agent': 'holdfast', 'accept-encoding': 'identity' },
    });
    return { client, agent };
  }

  async function send({ method, path, token, body }: JsonRequest, { signal, moved }: Pace): Promise<RawAnswer> {
    loading ??= load();
    const { client } = await loading;
    const stream = client.stream(`${origin}${path}`, {
      method,
      signal,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body }),
    });
    // Closed after the answer's end but before its own, it says so by an event that nobody waits for any more.
    stream.on('error', () => undefined);
    // Without a body a stream would wait for one to be written.
    if (method !== 'GET' && body === null) stream.end();
    let status = 0;
    stream.once('response', (response: { statusCode: number }) => {
      status = response.statusCode;
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      moved(chunk.length);
      if (length > maxJsonReplyBytes) {
        stream.destroy();
        throw oversizedReply();
      }
      chunks.push(chunk);
    }
    return { status, body: new Uint8Array(Buffer.concat(chunks)) };
  }

  /** An agent of Node's opens connections again after that. */
  async function hangUp(): Promise<void> {
    const loaded = await loading?.catch(() => null);
    loaded?.agent.http.destroy();
    loaded?.agent.https.destroy();
  }

  return {
    send: async (request) => {
      const { body, signal } = request;
      if (body !== null) await bandwidth.take('up', body.length, signal);
      const answer = await paced(origin, signal, patience, (watched) => {
        watched.moved(body?.length ?? 0);
        return send(request, watched);
      });
      await bandwidth.take('down', answer.body.length, signal);
      return answer;
    },
    reconnect: () => void hangUp(),
    close: hangUp,
  };
}
