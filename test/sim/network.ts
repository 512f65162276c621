import { HoldfastError } from '../../src/common/errors.ts';
import type { ObjectId } from '../../src/common/ids.ts';
import { batchesOf } from '../../src/remote/put-objects.ts';
import { retry } from '../../src/remote/retry.ts';
import type { CallOptions, StorageApi } from '../../src/remote/storage-api.ts';
import type { Caller } from '../../src/server/login.ts';
import type { Life } from './life.ts';
import type { Dice } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { ServerCalls } from './server/server-calls.ts';
import type { SimServer } from './server/sim-server.ts';

/** How bad the lines of a world are; shares of 1. */
export interface LineFaults {
  /** Longest way of a request or a reply, milliseconds; with several under way they overtake each other. */
  readonly latency: number;
  /** Requests that never arrive. */
  readonly lost: number;
  /** Replies that never arrive: the request had its effect. */
  readonly lostReply: number;
  /** Requests that arrive once more, later. */
  readonly duplicate: number;
  /** Hints that never arrive. */
  readonly lostHint: number;
}

export const goodLine: LineFaults = { latency: 20, lost: 0, lostReply: 0, duplicate: 0, lostHint: 0 };

/** The line between one device and the server. It outlives the device's processes. */
export interface Line {
  faults: LineFaults;
  isCut: boolean;
  /** When it was last cut or mended, on the scheduler's clock. */
  readonly turnedAt: number;
  /** Names of calls since the last reset. */
  readonly calls: string[];
  /** Until the reset at the end: whether a hint was lost on the way. */
  hasLostHints: boolean;
  /** The last time that the device asked for the log, it heard nothing. */
  isUnheard: boolean;
  /** The storage API of one process. */
  storage(own: Life, random: Dice): StorageApi;
  onHint: (seq: number) => void;
  /** The account's chain is this long. */
  onAccountHint: (seq: number) => void;
  /** The device's process began to listen; hints with the current head follow. */
  listen(): void;
}

export interface LineParts {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly server: SimServer;
  readonly caller: () => Caller;
  /** Entries of the log that one answer holds at most. */
  readonly entriesInPage: number;
  /** All bytes that leave the device. */
  readonly onSent: (call: string, bytes: Uint8Array) => void;
  /** A device sends these. */
  readonly onPut: (objects: readonly ObjectId[]) => void;
  readonly onCall: (call: string, outcome: string) => void;
}

/** How long a request that was lost is waited for. */
const timeout = 5000;
const offline = (): HoldfastError =>
  new HoldfastError('offline', 'The server cannot be reached.', { reason: 'network' });
const policy = { tries: 4, first: 200, longest: 10_000, within: Number.POSITIVE_INFINITY };

export function line({ scheduler, dice, server, caller, entriesInPage, onSent, onPut, onCall }: LineParts): Line {
  let isListening = false;
  let isCut = false;
  let turnedAt = 0;

  const way = (): number => dice.next() * own.faults.latency;

  /** A stream that broke is opened again a little later. */
  const reconnect = (): void => {
    scheduler.after(500 + dice.next() * 5000, () => {
      if (own.isCut || !server.isUp) {
        if (isListening) reconnect();
        return;
      }
      own.onHint(server.seq);
      own.onAccountHint(server.accountSeq);
    });
  };

  server.onUp(reconnect);
  server.onHead((seq) => {
    if (own.isCut) return;
    if (dice.chance(own.faults.lostHint)) {
      own.hasLostHints = true;
      return;
    }
    scheduler.after(way(), () => {
      if (!own.isCut) own.onHint(seq);
    });
  });

  server.onAccount((seq) => {
    if (own.isCut || dice.chance(own.faults.lostHint)) return;
    scheduler.after(way(), () => {
      if (!own.isCut) own.onAccountHint(seq);
    });
  });

  /** One try of one request. */
  async function attempt<T>(name: string, alive: Life, ask: (calls: ServerCalls) => Promise<T>): Promise<T> {
    const pause = (ms: number): Promise<void> => alive.call(ms, () => undefined);
    const lost = async (why: string): Promise<never> => {
      onCall(name, why);
      await pause(timeout * (0.2 + dice.next()));
      throw offline();
    };
    if (own.isCut || dice.chance(own.faults.lost)) return lost('request lost');
    await pause(way());
    if (own.isCut) return lost('request lost');
    own.calls.push(name);
    const asker = caller();
    const asked = server.request(asker, ask);
    if (dice.chance(own.faults.duplicate)) {
      scheduler.after(dice.next() * 3000, () => {
        onCall(name, 'arrives again');
        server.request(asker, ask).catch(() => undefined);
      });
    }
    let outcome: { readonly value: T } | { readonly error: unknown };
    try {
      outcome = { value: await asked };
    } catch (error) {
      outcome = { error };
    }
    if (own.isCut || dice.chance(own.faults.lostReply)) return lost('reply lost');
    await pause(way());
    if ('error' in outcome) {
      onCall(name, outcome.error instanceof HoldfastError ? `${outcome.error.kind}` : 'failed');
      throw outcome.error;
    }
    onCall(name, statusOf(outcome.value));
    return outcome.value;
  }

  const own: Line = {
    faults: goodLine,
    get isCut() {
      return isCut;
    },
    set isCut(value) {
      isCut = value;
      turnedAt = scheduler.now;
    },
    get turnedAt() {
      return turnedAt;
    },
    calls: [],
    hasLostHints: false,
    isUnheard: false,
    onHint: () => undefined,
    onAccountHint: () => undefined,
    listen() {
      isListening = true;
      reconnect();
    },
    storage(alive, random) {
      const clock = alive.clock(() => scheduler.now);
      const never = new AbortController().signal;
      const call = async <T>(
        name: string,
        options: CallOptions | undefined,
        args: readonly unknown[],
        ask: (calls: ServerCalls) => Promise<T>,
      ): Promise<T> => {
        const signal = options?.signal ?? never;
        for (const bytes of buffersIn(args)) onSent(name, bytes);
        const asked = abortable(
          signal,
          retry({ clock, random, policy }, signal, () => attempt(name, alive, ask)),
        );
        if (name !== 'getLog') return asked;
        try {
          const answer = await asked;
          own.isUnheard = false;
          return answer;
        } catch (error) {
          own.isUnheard = true;
          throw error;
        }
      };
      const unused = (): never => {
        throw new HoldfastError('bug', 'the simulation has no such call');
      };
      return {
        origin: 'https://sim.example.org',
        prelogin: unused,
        signup: unused,
        challenge: unused,
        login: unused,
        logout: unused,
        deleteAccount: unused,
        deleteVault: unused,
        getRecord: unused,
        putRecord: unused,
        createVault: unused,
        appendEvent: (event, options) => call('appendEvent', options, [event], (calls) => calls.appendEvent(event)),
        getChain: (after, options) => call('getChain', options, [], (calls) => calls.getChain(after)),
        listVaults: (options) => call('listVaults', options, [], (calls) => calls.listVaults()),
        quota: (options) => call('quota', options, [], (calls) => calls.quota()),
        getLog: (vault, after, options) =>
          call('getLog', options, [], (calls) => calls.getLog(vault, after, { maxCount: entriesInPage, ...options })),
        getGrants: (vault, epoch, options) => call('getGrants', options, [], (calls) => calls.getGrants(vault, epoch)),
        getCheckpoint: (vault, options) => call('getCheckpoint', options, [], (calls) => calls.getCheckpoint(vault)),
        putCheckpoint: (vault, checkpoint, options) =>
          call('putCheckpoint', options, [checkpoint], (calls) => calls.putCheckpoint(vault, checkpoint)),
        // The network holds its own copy, as a socket would: it may deliver late.
        appendEntry: (vault, entry, options) => {
          const { signal: _, ...rest } = options ?? {};
          const sent = structuredClone({ entry, rest });
          onPut((rest.objects ?? []).map(({ id }) => id));
          return call('appendEntry', options, [entry, rest], (calls) =>
            calls.appendEntry(vault, sent.entry, sent.rest),
          );
        },
        async putObjects(vault, objects, options) {
          const settled = await Promise.allSettled(
            [...batchesOf(objects)].map((batch) => {
              const sent = structuredClone(batch);
              onPut(batch.map(({ id }) => id));
              return call('putObjects', options, batch, (calls) => calls.putObjects(vault, sent));
            }),
          );
          const failed = settled.find((result) => result.status === 'rejected');
          if (failed !== undefined) throw failed.reason;
        },
        async *getObjects(vault, ids, options) {
          for (let at = 0; at < ids.length; ) {
            const rest = ids.slice(at);
            const page = await call('getObjects', options, [], (calls) => calls.getPage(vault, rest));
            at += page.length;
            yield* page;
          }
        },
        getObject: (vault, id, options) =>
          call('getObject', options, [], (calls) => calls.getObject(vault, id, rangeOf(options))),
        heldObjects: (vault, ids, options) =>
          call('heldObjects', options, [], (calls) => calls.heldObjects(vault, ids)),
        hints: unused,
        roundTrip: () => 0,
        close: async () => undefined,
      };
    },
  };
  return own;
}

const rangeOf = (options: Parameters<StorageApi['getObject']>[2]) =>
  options?.range === undefined ? undefined : { range: options.range };

function statusOf(value: unknown): string {
  const { status, entries } = (value ?? {}) as { status?: unknown; entries?: unknown };
  if (typeof status === 'string') return status;
  return Array.isArray(entries) ? `${entries.length} entries` : 'done';
}

/** Settles as `work` does, or rejects as soon as `signal` aborts. */
function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function* buffersIn(value: unknown): Generator<Uint8Array> {
  if (value instanceof Uint8Array) yield value;
  else if (Array.isArray(value)) for (const each of value) yield* buffersIn(each);
  else if (typeof value === 'object' && value !== null) yield* buffersIn(Object.values(value));
}
