import type { ServerResponse } from 'node:http';
import type { Clock } from '../../common/clock.ts';
import type { AccountId } from '../../common/ids.ts';
import { heartbeatInterval } from '../../wire/limits.ts';
import { failure } from '../failure.ts';
import type { Hub, ServerHint } from '../hub.ts';
import type { Caller } from '../login.ts';
import type { MetadataStore } from '../metadata-store.ts';

export interface EventStreams {
  /** Answers with a stream of hints that lasts until either side ends it. */
  open(caller: Caller, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

interface EventStreamParts {
  readonly metadata: MetadataStore;
  readonly hub: Hub;
  readonly clock: Clock;
  /** Whether the caller may still listen; asked at each heartbeat. */
  readonly isWelcome: (caller: Caller) => Promise<boolean>;
  readonly heartbeat?: number;
}

const maxPerAccount = 64;
/** A client that does not read is cut off: its next connection begins with all heads anyway. */
const maxUnsentBytes = 256 * 1024;

const say = (hint: ServerHint): string => {
  const { type, ...data } = hint;
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
};

/** Server-sent events. Nothing is kept for clients that are away: each stream begins with all current heads. */
export function createEventStreams({
  metadata,
  hub,
  clock,
  isWelcome,
  heartbeat = heartbeatInterval,
}: EventStreamParts): EventStreams {
  const open = new Map<ServerResponse, Caller>();
  const stop = new AbortController();

  function send(response: ServerResponse, data: string): void {
    if (response.writableLength > maxUnsentBytes) response.destroy();
    else response.write(data);
  }

  async function heads(account: AccountId): Promise<string> {
    const head = await metadata.accounts.head(account);
    const vaults = await metadata.vaults.ofAccount(account);
    const hints: ServerHint[] = vaults.map(({ vault, head: { seq } }) => ({ type: 'vault', vault, seq }));
    if (head !== null) hints.unshift({ type: 'account', seq: head.seq });
    return hints.map(say).join('');
  }

  // One beat for all streams.
  async function beat(): Promise<void> {
    for (;;) {
      await clock.sleep(heartbeat, stop.signal);
      if (stop.signal.aborted) return;
      for (const [response, caller] of [...open]) {
        if (await isWelcome(caller).catch(() => true)) send(response, ': \n\n');
        else response.end();
      }
    }
  }
  const beating = beat();

  return {
    open: async (caller, response) => {
      const { account } = caller;
      if (stop.signal.aborted) throw failure('offline', 'closing', 'The server is closing.', 1000);
      if (hub.countOf(account) >= maxPerAccount) {
        throw failure('limit', 'count', 'This account has too many event streams open.');
      }
      // Listens before it reads the heads: what grows in between is told twice rather than not at all.
      const early: string[] = [];
      let isReady = false;
      const unsubscribe = hub.subscribe(account, (hint) => {
        if (isReady) send(response, say(hint));
        else early.push(say(hint));
      });
      // A client that is gone is no error.
      response.on('error', () => undefined);
      response.once('close', () => {
        open.delete(response);
        unsubscribe();
      });
      try {
        const begin = await heads(account);
        if (response.destroyed) return unsubscribe();
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
          'x-content-type-options': 'nosniff',
        });
        response.write(`${begin}${early.join('')}: \n\n`);
        isReady = true;
        open.set(response, caller);
      } catch (error) {
        unsubscribe();
        throw error;
      }
    },
    close: async () => {
      stop.abort();
      for (const response of open.keys()) response.end();
      await beating;
    },
  };
}
