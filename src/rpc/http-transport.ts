import type { AbortSignalLike, Clock } from '../common/clock.ts';
import { HoldfastError } from '../common/errors.ts';
import type { Transport } from './client.ts';

/** What is needed of `fetch`, so that this runs in a browser and in Node alike. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignalLike;
  },
) => Promise<{
  readonly status: number;
  text(): Promise<string>;
  readonly body: { getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> } } | null;
}>;

export interface HttpDoor {
  /** Origin of the door, or empty for the page's own. */
  readonly origin: string;
  readonly token: string;
  readonly fetch: Fetch;
  /** A fresh decoder for a stream of UTF-8. */
  readonly newDecoder: () => { decode(bytes: Uint8Array, options: { stream: true }): string };
  readonly newAbort: () => { readonly signal: AbortSignalLike; abort(): void };
  readonly clock: Pick<Clock, 'sleep'>;
  /** Told when the stream of events breaks and when it is there again. */
  readonly onLine?: (isThere: boolean) => void;
}

/** Pauses between two tries to get the stream of events again, in milliseconds. */
const pauses = [250, 500, 1000, 2000, 5000];

/** The contract over HTTP and an event stream, as the loopback door serves them. */
export function httpTransport(door: HttpDoor): Transport {
  const authorization = `Bearer ${door.token}`;
  return {
    ask: async (name, input) => {
      const headers = { authorization, 'content-type': 'application/json' };
      try {
        const url = `${door.origin}/rpc/${name}`;
        const answer = await door.fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
        return JSON.parse(await answer.text());
      } catch (cause) {
        throw new HoldfastError('conflict', 'Holdfast does not answer. Is it still running?', {
          reason: 'engine-gone',
          cause,
        });
      }
    },
    listen: (onEvent) => {
      const abort = door.newAbort();
      void keepListening(door, authorization, abort.signal, onEvent);
      return () => abort.abort();
    },
  };
}

async function keepListening(
  door: HttpDoor,
  authorization: string,
  signal: AbortSignalLike,
  onEvent: (event: unknown) => void,
): Promise<void> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const url = `${door.origin}/events`;
      const answer = await door.fetch(url, { method: 'GET', headers: { authorization }, signal });
      if (answer.status === 200 && answer.body !== null) {
        door.onLine?.(true);
        tries = 0;
        await readEvents(answer.body.getReader(), door.newDecoder(), onEvent);
      }
    } catch {
      // A line that broke is tried again; who asks meanwhile is told by the answer to that.
    }
    if (signal.aborted) return;
    door.onLine?.(false);
    await door.clock.sleep(pauses[Math.min(tries, pauses.length - 1)] ?? 5000, signal);
  }
}

async function readEvents(
  reader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> },
  decoder: ReturnType<HttpDoor['newDecoder']>,
  onEvent: (event: unknown) => void,
): Promise<void> {
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (block.startsWith('data: ')) onEvent(JSON.parse(block.slice('data: '.length)));
  }
}
