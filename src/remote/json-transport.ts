import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got from 'got';
import { maxJsonReplyBytes } from '../wire/limits.ts';
import type { Bandwidth } from './bandwidth.ts';
import { oversizedReply, transportFailure } from './reply-failure.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query. */
  readonly path: string;
  readonly token: string | null;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface JsonTransport {
  /** One try. Rejects with `offline`, `refused` (certificate) or `security` (`E_LIMIT`), or the signal's reason. */
  send(request: JsonRequest): Promise<RawAnswer>;
  close(): void;
}

/** The JSON side of the API, by got: no redirects, no cookies, no decompression, no answer above its limit. */
export function createJsonTransport(origin: string, bandwidth: Bandwidth): JsonTransport {
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const client = got.extend({
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    timeout: { lookup: 10_000, connect: 10_000, secureConnect: 10_000, socket: 60_000, response: 60_000 },
    headers: { accept: 'application/json', 'user-agent': 'holdfast', 'accept-encoding': 'identity' },
  });

  async function send({ method, path, token, body, signal }: JsonRequest): Promise<RawAnswer> {
    bandwidth.countRequest();
    if (body !== null) await bandwidth.take('up', body.length, signal);
    const stream = client.stream(`${origin}${path}`, {
      method,
      signal,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body }),
    });
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
      if (length > maxJsonReplyBytes) {
        stream.destroy();
        throw oversizedReply();
      }
      chunks.push(chunk);
    }
    bandwidth.count('up', body?.length ?? 0);
    bandwidth.count('down', length);
    await bandwidth.take('down', length, signal);
    return { status, body: new Uint8Array(Buffer.concat(chunks)) };
  }

  return {
    send: async (request) => {
      try {
        return await send(request);
      } catch (error) {
        if (request.signal.aborted) throw request.signal.reason;
        throw transportFailure(error);
      }
    },
    close: () => {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}
