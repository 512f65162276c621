import { z } from 'zod';
import type { Clock } from '../common/clock.ts';
import { HoldfastError, isKind } from '../common/errors.ts';
import type { Random, VaultId } from '../common/ids.ts';
import { encodeFrameHeader, entryFrameId } from '../wire/frame.ts';
import { appendEntry } from '../wire/schema.ts';
import type { Head } from '../wire/types.ts';
import { createAccountTransport } from './account-transport.ts';
import type { Bandwidth } from './bandwidth.ts';
import { createBulkTransport } from './bulk-transport.ts';
import { type Answered, createCalls } from './calls.ts';
import type { FindProxy } from './find-proxy.ts';
import { getObject, getObjects } from './get-objects.ts';
import { createJsonTransport } from './json-transport.ts';
import type { Patience } from './pace.ts';
import { framesOf, heldObjects, putObjects } from './put-objects.ts';
import { malformedReply, otherThanAsked } from './reply-failure.ts';
import { defaultRetry, type RetryPolicy } from './retry.ts';
import { parseServerOrigin } from './server-origin.ts';
import { serverReach } from './server-reach.ts';
import type { AppendOutcome, CallOptions, ChainOutcome, StorageApi, TransferOptions } from './storage-api.ts';
import type { Transfer } from './transfer.ts';

export interface HttpStorageOptions {
  /** The server's address: https, or http to this machine. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Null, or not given: every server is reached directly. */
  readonly findProxy?: FindProxy | null;
  /** May be shared by several clients, and then limits them together. */
  readonly bandwidth: Bandwidth;
  /** The session's token; null before the first login. */
  readonly token?: () => string | null;
  /** Signs in anew after the server refused the token; rejects with `refused` if that takes a person. Shared by calls. */
  readonly renew?: () => Promise<void>;
  readonly retry?: Partial<RetryPolicy>;
  /** How slow an answer may come. */
  readonly patience?: Patience;
  /** Milliseconds without a sign of life after which an event stream counts as broken. */
  readonly silence?: number;
}

const signInAgain = (): Promise<never> =>
  Promise.reject(new HoldfastError('refused', 'The session is over; sign in again.', { reason: 'session' }));

/** The storage API over HTTP. Throws `usage` if the address is not one that may be dialled. */
export function createHttpStorageApi(options: HttpStorageOptions): StorageApi {
  const origin = parseServerOrigin(options.url);
  const { clock, random, bandwidth, token = () => null, findProxy = null } = options;
  const account = createAccountTransport(origin, bandwidth, findProxy, options.patience);
  const json = createJsonTransport(origin, bandwidth, findProxy, options.patience);
  const bulk = createBulkTransport(origin, bandwidth, findProxy, options.patience);
  const closed = new AbortController();
  const renew = shared(options.renew ?? signInAgain);
  const policy = { ...defaultRetry, ...options.retry };
  const reach = serverReach(clock);
  const calls = createCalls({ account, json, bulk, retry: { clock, random, policy }, reach, token, renew });

  const signalOf = (call?: CallOptions): AbortSignal =>
    call?.signal === undefined ? closed.signal : AbortSignal.any([call.signal, closed.signal]);
  const transferOf = (vault: VaultId, call?: TransferOptions): Transfer => ({
    calls,
    vault,
    signal: signalOf(call),
    onMoved: call?.onMoved ?? (() => undefined),
    isLight: call?.isLight === true,
  });

  return {
    origin,
    prelogin: (email, call) => calls.json('prelogin', { body: { email }, signal: signalOf(call) }),
    signup: async ({ record, events, invite = null }, call) => {
      const body = { record, events: [...events], invite };
      const { chain } = await calls.json('signup', { body, signal: signalOf(call) });
      return { chain };
    },
    challenge: async (call) => (await calls.json('challenge', { signal: signalOf(call) })).nonce,
    login: (answer, call) => calls.json('login', { body: answer, signal: signalOf(call), isRepeated: false }),
    logout: async (call) => {
      try {
        await calls.json('logout', { signal: signalOf(call), isRenewing: false });
      } catch (error) {
        // The session is over already, as after a lost reply.
        if (!isKind(error, 'refused') || error.reason !== 'session') throw error;
      }
    },

    getRecord: (call) => calls.json('getRecord', { signal: signalOf(call) }),
    putRecord: async (record, event, call) =>
      chainOutcome(
        await calls.tryJson('putRecord', { body: { record, event }, signal: signalOf(call) }),
        ({ head }) => head,
      ),
    getChain: (after, call) => calls.json('getChain', { query: { after }, signal: signalOf(call) }),
    appendEvent: async (event, call) =>
      chainOutcome(await calls.tryJson('appendEvent', { body: { event }, signal: signalOf(call) }), ({ head }) => head),
    deleteAccount: async (call) => {
      await calls.json('deleteAccount', { signal: signalOf(call), isRepeated: false, isRenewing: false });
    },

    createVault: async (entry, grants, event, call) =>
      chainOutcome(
        await calls.tryJson('createVault', { body: { entry, grants, event }, signal: signalOf(call) }),
        ({ chain }) => chain,
      ),
    listVaults: async (call) => (await calls.json('listVaults', { signal: signalOf(call) })).vaults,
    deleteVault: async (vault, call) => {
      await calls.json('deleteVault', { params: { vault }, signal: signalOf(call), isRenewing: false });
    },
    getLog: (vault, after, call = {}) =>
      calls.json('getLog', {
        params: { vault },
        query: { after, bytes: call.maxBytes, count: call.maxCount, lists: call.withLists === true ? '1' : '0' },
        signal: signalOf(call),
      }),
    appendEntry: async (vault, entry, call = {}) => {
      const json = JSON.stringify(z.encode(appendEntry, { entry, grants: call.grants ?? null }));
      const first = new TextEncoder().encode(json);
      const parts = [encodeFrameHeader(entryFrameId, first.length), first, ...framesOf(call.objects ?? [])];
      const contentType = 'application/octet-stream';
      return appendOutcome(
        await calls.tryBulkJson('appendLog', { params: { vault }, parts, contentType, signal: signalOf(call) }),
      );
    },
    getGrants: async (vault, epoch, call) =>
      (await calls.json('getGrants', { params: { vault, epoch }, signal: signalOf(call) })).grants,
    getCheckpoint: async (vault, call) => {
      try {
        return (await calls.json('getCheckpoint', { params: { vault }, signal: signalOf(call) })).checkpoint;
      } catch (error) {
        if (isKind(error, 'missing') && error.reason === 'checkpoint') return null;
        throw error;
      }
    },
    putCheckpoint: async (vault, checkpoint, call) => {
      await calls.json('putCheckpoint', { params: { vault }, body: { checkpoint }, signal: signalOf(call) });
    },

    putObjects: (vault, objects, call) => putObjects(transferOf(vault, call), objects),
    getObjects: (vault, ids, call) => getObjects(transferOf(vault, call), ids, call?.areWindows === true),
    getObject: (vault, id, call) => getObject(transferOf(vault, call), id, call?.range),
    heldObjects: (vault, ids, call) => heldObjects(transferOf(vault, call), ids),
    quota: (call) => calls.json('quota', { signal: signalOf(call) }),

    hints: async (signal, listener) => {
      // Only for those who stay: a single command never listens.
      const { listenForHints } = await import('./event-client.ts');
      return listenForHints(
        {
          origin,
          findProxy,
          clock,
          random,
          reach,
          token,
          renew,
          onWoken: () => {
            account.reconnect();
            json.reconnect();
            bulk.reconnect();
            reach.woke();
          },
          ...(options.silence === undefined ? {} : { silence: options.silence }),
        },
        AbortSignal.any([signal, closed.signal]),
        listener,
      );
    },
    roundTrip: () => json.roundTrip(),
    close: async () => {
      closed.abort(new HoldfastError('offline', 'The connection was closed.', { reason: 'closed' }));
      await Promise.all([account.close(), json.close(), bulk.close()]);
    },
  };
}

/** One run for all who ask while it is under way. */
function shared(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}

function chainOutcome<T>(answer: Answered<T>, headOf: (value: T) => Head): ChainOutcome {
  if (answer.ok) return { status: 'done', head: headOf(answer.value) };
  const { error, details } = answer;
  if (error.reason !== 'head-moved') throw error;
  if (details?.head === undefined) throw malformedReply();
  return { status: 'moved', head: details.head, events: details.events ?? [] };
}

function appendOutcome(answer: Answered<{ readonly head: Head }>): AppendOutcome {
  if (answer.ok) return { status: 'done', head: answer.value.head };
  const { error, details } = answer;
  if (error.reason === 'objects-missing') {
    if (details?.missing === undefined || details.missing.length === 0) throw otherThanAsked();
    return { status: 'objects-missing', missing: details.missing };
  }
  if (error.reason !== 'head-moved') throw error;
  if (details?.head === undefined) throw malformedReply();
  return { status: 'moved', head: details.head, entries: details.entries ?? [] };
}
