import { Client } from 'undici';
import type { Clock } from '../common/clock.ts';
import { type HoldfastError, isKind } from '../common/errors.ts';
import type { Random } from '../common/ids.ts';
import { heartbeatInterval } from '../wire/limits.ts';
import { routes } from '../wire/route.ts';
import { accountHint, vaultHint } from '../wire/schema.ts';
import { apiPrefix } from '../wire/version.ts';
import { connectBy } from './connect-by.ts';
import type { FindProxy } from './find-proxy.ts';
import { failureOfTry, parseJson, refusalOf } from './reply-failure.ts';
import { backOff } from './retry.ts';
import type { ServerReach } from './server-reach.ts';
import { watchSleep } from './sleep-watch.ts';
import type { Hint } from './storage-api.ts';

interface EventClientParts {
  readonly origin: string;
  readonly findProxy: FindProxy | null;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the wait before the next try as soon as a lost server answers anything. */
  readonly reach: Pick<ServerReach, 'wait'>;
  readonly token: () => string | null;
  /** Gets a new token after a 401; rejects if there is none to be had. */
  readonly renew: () => Promise<void>;
  /** This computer slept; the stream itself begins anew. */
  readonly onWoken: () => void;
  /** Milliseconds without a sign of life after which the stream counts as broken. */
  readonly silence?: number;
}

const policy = { first: 500, longest: 60_000 };
const maxEventBytes = 64 * 1024;

const encoder = new TextEncoder();

/** One server-sent event; null if it is of no known kind or makes no sense. */
function parseEvent(block: string): Hint | null {
  let name = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
  }
  const json = parseJson(encoder.encode(data));
  if (name === 'vault') {
    const hint = vaultHint.safeParse(json);
    return hint.success ? { type: 'vault', ...hint.data } : null;
  }
  if (name === 'account') {
    const hint = accountHint.safeParse(json);
    return hint.success ? { type: 'account', ...hint.data } : null;
  }
  return null;
}

/** Listens for hints and reconnects, until `signal` aborts (then it resolves) or the session is refused (it rejects). */
export async function listenForHints(
  parts: EventClientParts,
  signal: AbortSignal,
  listener: (hint: Hint) => void,
): Promise<void> {
  const connect = connectBy(parts.findProxy);
  let client: Client | null = null;
  const open = (): Client => {
    client = new Client(parts.origin, {
      connect,
      headersTimeout: 60_000,
      bodyTimeout: parts.silence ?? 3 * heartbeatInterval,
    });
    return client;
  };
  const ended = new AbortController();
  void watchSleep(parts.clock, AbortSignal.any([signal, ended.signal]), () => {
    void client?.destroy(new Error('this computer slept'));
    parts.onWoken();
  });
  try {
    await listen(parts, open, signal, listener);
  } finally {
    ended.abort();
  }
}

async function listen(
  parts: EventClientParts,
  open: () => Client,
  signal: AbortSignal,
  listener: (hint: Hint) => void,
): Promise<void> {
  let failures = 0;
  let hasRenewed = false;
  let isOver = false;
  while (!signal.aborted) {
    let wasConnected = false;
    const since = parts.clock.monotonic();
    try {
      if (isOver) await parts.renew();
      isOver = false;
      await listenOnce(parts, open(), signal, (hint) => {
        wasConnected = true;
        listener(hint);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (isKind(error, 'refused') && error.reason === 'session' && !hasRenewed) {
        hasRenewed = true;
        isOver = true;
        continue;
      }
      if (!isKind(error, 'offline')) throw error;
      // A stream that ends as soon as it has begun is no better than none.
      const hasLasted = wasConnected && parts.clock.monotonic() - since > heartbeatInterval;
      failures = hasLasted ? 1 : failures + 1;
      if (wasConnected) listener({ type: 'disconnected' });
      const asked = Math.min((error as HoldfastError).retryAfter ?? 0, policy.longest);
      const wait = Math.max(asked, backOff(policy, parts.random, failures));
      await (asked > 0 ? parts.clock.sleep(wait, signal) : parts.reach.wait(wait, signal));
    }
    if (wasConnected) hasRenewed = false;
  }
}

async function listenOnce(
  parts: EventClientParts,
  client: Client,
  signal: AbortSignal,
  listener: (hint: Hint) => void,
): Promise<never> {
  try {
    const token = parts.token();
    const { statusCode, body } = await client.request({
      method: 'GET',
      path: `${apiPrefix}${routes.events.path}`,
      signal,
      headers: { accept: 'text/event-stream', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    });
    if (statusCode !== 200) throw refusalOf(statusCode, await readSome(body)).error;
    listener({ type: 'connected' });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      if (text.length > maxEventBytes) throw new Error('an event is too long');
      for (const block of blocks) {
        const hint = parseEvent(block);
        if (hint !== null) listener(hint);
      }
    }
    throw new Error('the stream ended');
  } catch (error) {
    throw failureOfTry(parts.origin, error);
  } finally {
    await client.destroy();
  }
}

async function readSome(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxEventBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
