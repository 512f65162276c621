import Pool from 'undici/lib/dispatcher/pool.js';
import { maxJsonReplyBytes } from '../wire/limits.ts';
import type { Bandwidth } from './bandwidth.ts';
import { connectBy } from './connect-by.ts';
import { exchange, type RawAnswer } from './exchange.ts';
import type { FindProxy } from './find-proxy.ts';
import { defaultPatience, type Patience, paced } from './pace.ts';
import { renewable } from './renewable.ts';

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
  /** Connections that are open are not used any more; what is under way on them fails as `offline`. */
  reconnect(): void;
  close(): Promise<void>;
}

interface TimedTransport extends JsonTransport {
  /** Milliseconds that the quickest answer took, 0 before the first one. */
  roundTrip(): number;
}

/** The JSON side of the API, on connections of its own: a question never waits behind objects. */
export function createJsonTransport(
  origin: string,
  bandwidth: Bandwidth,
  findProxy: FindProxy | null = null,
  patience: Patience = defaultPatience,
): TimedTransport {
  const pool = renewable(
    () =>
      new Pool(origin, {
        allowH2: false,
        connect: connectBy(findProxy),
        headersTimeout: 60_000,
        bodyTimeout: 60_000,
        keepAliveTimeout: 30_000,
      }),
  );

  let quickest = Number.POSITIVE_INFINITY;

  async function send({ body, signal, ...request }: JsonRequest): Promise<RawAnswer> {
    const bytes = body === null ? null : new TextEncoder().encode(body);
    if (bytes !== null) await bandwidth.take('up', bytes.length, signal);
    const headers = { accept: 'application/json', ...(bytes === null ? {} : { 'content-type': 'application/json' }) };
    return paced(origin, signal, patience, async (watched) => {
      watched.moved(bytes?.length ?? 0);
      const since = performance.now();
      const answer = await exchange(pool.current(), bandwidth, {
        ...request,
        headers,
        body: bytes,
        most: maxJsonReplyBytes,
        watched,
      });
      quickest = Math.min(quickest, performance.now() - since);
      return answer;
    });
  }

  return {
    send,
    roundTrip: () => (Number.isFinite(quickest) ? quickest : 0),
    reconnect: pool.renew,
    close: pool.close,
  };
}
