import { z } from 'zod';
import { isKind } from '../common/errors.ts';
import { maxJsonReplyBytes } from '../wire/limits.ts';
import { type Route, type RouteName, routes } from '../wire/route.ts';
import { apiPrefix } from '../wire/version.ts';
import { accountRoutes } from './account-transport.ts';
import type { BulkTransport } from './bulk-transport.ts';
import type { RawAnswer } from './exchange.ts';
import type { JsonTransport } from './json-transport.ts';
import { orAborted } from './or-aborted.ts';
import { malformedReply, parseJson, type Refusal, refusalOf } from './reply-failure.ts';
import { type RetryParts, retry } from './retry.ts';
import type { ServerReach } from './server-reach.ts';

type Routes = typeof routes;
type JsonReply<N extends RouteName> = Routes[N]['reply'] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : never;
type JsonBody<N extends RouteName> = Routes[N]['request'] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

interface CallInput<N extends RouteName> {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: JsonBody<N>;
  readonly signal: AbortSignal;
  /** Default yes. */
  readonly isRepeated?: boolean;
  /** Whether to sign in anew when the session is over; default yes. */
  readonly isRenewing?: boolean;
}

export interface BulkInput {
  readonly params: Readonly<Record<string, string>>;
  readonly parts: readonly Uint8Array[];
  readonly contentType: string | null;
  readonly most?: number;
  readonly range?: { readonly start: number; readonly end: number };
  /** How far the body, or the answer, of this try has come. */
  readonly onSent?: (position: number) => void;
  readonly onReceived?: (position: number) => void;
  /** What of an answer is of use that the line cut short; null: nothing. */
  readonly usable?: (received: Uint8Array) => Uint8Array | null;
  /** As in `TransferOptions`. */
  readonly isLight?: boolean;
  readonly signal: AbortSignal;
}

/** An answer, or the refusal that the caller has said it can use. */
export type Answered<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Refusal);

/** Calls by route, with tokens, retries and checks of the reply; what each route means is for the callers. */
export interface Calls {
  json<N extends RouteName>(name: N, input: CallInput<N>): Promise<JsonReply<N>>;
  /** As `json`; a `conflict` is answered, not thrown. */
  tryJson<N extends RouteName>(name: N, input: CallInput<N>): Promise<Answered<JsonReply<N>>>;
  /** As `tryJson`, with a body of bytes. */
  tryBulkJson<N extends RouteName>(name: N, input: BulkInput): Promise<Answered<JsonReply<N>>>;
  /** Bytes for bytes. */
  bulk(name: RouteName, input: BulkInput): Promise<Uint8Array>;
}

export interface CallParts {
  readonly account: JsonTransport;
  readonly json: JsonTransport;
  readonly bulk: BulkTransport;
  readonly retry: RetryParts;
  readonly reach: Pick<ServerReach, 'answered' | 'failed'>;
  readonly token: () => string | null;
  readonly renew: () => Promise<void>;
}

function pathOf(route: Route, { params = {}, query = {} }: Pick<CallInput<'health'>, 'params' | 'query'>): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${apiPrefix}${path}${search.size === 0 ? '' : `?${search}`}`;
}

interface Trying extends Pick<CallInput<RouteName>, 'isRepeated' | 'isRenewing'> {
  readonly within?: number;
}

/** How many times longer a body may be tried again: it may be long on its way before the line is cut, and was costly to read and seal. */
const longerForBodies = 3;

export function createCalls(parts: CallParts): Calls {
  /** Tries until it is answered; renews the session once on the way. */
  async function answered(
    name: RouteName,
    signal: AbortSignal,
    { isRepeated = true, isRenewing = true, within = parts.retry.policy.within }: Trying,
    send: (token: string | null) => Promise<RawAnswer>,
  ): Promise<Answered<Uint8Array>> {
    const hasSession = routes[name].auth !== 'none';
    let mayRenew = hasSession && isRenewing;
    const attempt = async (): Promise<Answered<Uint8Array>> => {
      const token = hasSession ? parts.token() : null;
      const { status, body } = await send(token);
      const refusal = status >= 200 && status < 300 ? null : refusalOf(status, body);
      if (refusal?.error.kind !== 'offline') parts.reach.answered();
      if (refusal === null) return { ok: true, value: body };
      if (mayRenew && refusal.error.kind === 'refused' && refusal.error.reason === 'session') {
        // Another call may have done so while this one was under way.
        if (parts.token() === token) await orAborted(parts.renew(), signal);
        // Not before: where the line was cut just then, the next try asks for it again.
        mayRenew = false;
        return attempt();
      }
      if (refusal.error.kind === 'offline') throw refusal.error;
      return { ok: false, ...refusal };
    };
    const noted = (): Promise<Answered<Uint8Array>> =>
      attempt().catch((error: unknown) => {
        if (isKind(error, 'offline') && !signal.aborted) parts.reach.failed();
        throw error;
      });
    const policy = { ...parts.retry.policy, within };
    return isRepeated ? retry({ ...parts.retry, policy }, signal, noted) : noted();
  }

  function replyOf<N extends RouteName>(name: N, body: Uint8Array): JsonReply<N> {
    const { schema } = routes[name].reply as Route['reply'];
    const parsed = schema?.safeParse(parseJson(body));
    if (parsed?.success !== true) throw malformedReply();
    return parsed.data as JsonReply<N>;
  }

  async function tryJson<N extends RouteName>(name: N, input: CallInput<N>): Promise<Answered<JsonReply<N>>> {
    const route: Route = routes[name];
    const { schema } = route.request;
    const body = schema === undefined ? null : JSON.stringify(z.encode(schema, input.body));
    const path = pathOf(route, input);
    const { signal } = input;
    const transport = accountRoutes.has(name) ? parts.account : parts.json;
    const answer = await answered(name, signal, input, (token) =>
      transport.send({ method: route.method, path, token, body, signal }),
    );
    return settle(answer, (value) => replyOf(name, value));
  }

  async function sendBulk(name: RouteName, input: BulkInput): Promise<Answered<Uint8Array>> {
    const route: Route = routes[name];
    const { most = maxJsonReplyBytes, params, ...rest } = input;
    const path = pathOf(route, { params });
    return settle(
      await answered(name, input.signal, { within: longerForBodies * parts.retry.policy.within }, (token) =>
        parts.bulk.send({ ...rest, method: route.method, path, token, most }),
      ),
      (value) => value,
    );
  }

  return {
    tryJson,
    json: async (name, input) => valueIn(await tryJson(name, input)),
    tryBulkJson: async (name, input) => settle(await sendBulk(name, input), (value) => replyOf(name, value)),
    bulk: async (name, input) => valueIn(await sendBulk(name, input)),
  };
}

function settle<A, B>(answer: Answered<A>, use: (value: A) => B): Answered<B> {
  if (answer.ok) return { ok: true, value: use(answer.value) };
  if (answer.error.kind === 'conflict') return answer;
  throw answer.error;
}

function valueIn<T>(answer: Answered<T>): T {
  if (!answer.ok) throw answer.error;
  return answer.value;
}
