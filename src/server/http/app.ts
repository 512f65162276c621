import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Logger } from '../../common/logger.ts';
import { type Route, type RouteName, routes } from '../../wire/route.ts';
import { apiPrefix } from '../../wire/version.ts';
import type { ByteBudget } from '../byte-budget.ts';
import type { Counters } from '../counters.ts';
import { failure } from '../failure.ts';
import type { Caller, Login } from '../login.ts';
import { addressKey, isLoopback, type Limit, type RateName } from '../rate-limits.ts';
import type { Turns } from '../turns.ts';
import type { Call, Handlers, RawReply } from './call.ts';
import type { Connections } from './connections.ts';
import { answerFor, encodeError, isErrorAnswer } from './error-answer.ts';
import type { EventStreams } from './event-stream.ts';
import { createUnderWay, type UnderWay } from './under-way.ts';

export interface AppParts {
  readonly handlers: Handlers;
  readonly streams: EventStreams;
  readonly login: Login;
  readonly limit: Limit;
  readonly budget: ByteBudget;
  readonly turns: Turns;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Whether a token is the operator's, who is let in from elsewhere than loopback, too. */
  readonly isOperator: (token: string) => boolean;
  /** Whether `X-Forwarded-For` is to be believed. */
  readonly trustProxy: boolean;
  readonly isClosing: () => boolean;
  readonly connections: Connections;
  /** Milliseconds for the headers of a request; what else may take time is a multiple. */
  readonly patience?: number;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

const bearer = (request: FastifyRequest): string =>
  /^Bearer ([A-Za-z0-9_-]{1,128})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';

const sessionOver = () => failure('refused', 'session', 'The session is over; sign in again.');

/** Bodies that are smaller may lie about until they have come. */
const largeBody = 64 * 1024;

function whenLeft({ raw }: FastifyReply, run: () => void): void {
  if (raw.closed) run();
  else raw.once('close', run);
}

const anonymousRates: Partial<Record<RouteName, RateName>> = {
  prelogin: 'prelogin',
  signup: 'signup',
  login: 'login',
};

/** The storage API over HTTP: checks who asks, how often, and what, then hands over to the handlers. */
export function createApp(parts: AppParts): FastifyInstance {
  const { handlers, streams, connections, login, limit, budget, turns, counters, logger, patience = 30_000 } = parts;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const underWay = createUnderWay(patience);

  const http = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: patience,
    connectionsCheckingInterval: patience,
    noDelay: true,
  };
  const app = Fastify({
    logger: false,
    // Of what there is no route for; each of those says its own.
    bodyLimit: 1024,
    // The address that the proxy itself saw: those further left are what a client says of itself.
    trustProxy: parts.trustProxy && ((_: string, hop: number) => hop === 0),
    // On which nothing moves; the heartbeat of streams is more frequent.
    connectionTimeout: 4 * patience,
    // For a request to arrive whole: 8 MiB at 28 KiB a second.
    requestTimeout: 10 * patience,
    keepAliveTimeout: 2.5 * patience,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 64 },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => sendError(request, reply, error),
    http,
    ...(parts.tls === undefined
      ? {}
      : { https: { ...http, ...parts.tls, minVersion: 'TLSv1.2', handshakeTimeout: patience } }),
  } as Parameters<typeof Fastify>[0]) as unknown as FastifyInstance;
  connections.watch(app.server, parts.tls !== undefined);

  // JSON and objects, nothing else.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  // Bodies of objects are read by the handlers, once quota and memory are set aside.
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null, undefined));
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error));
  app.setNotFoundHandler((request, reply) => sendError(request, reply, { statusCode: 404 }));
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    counters.request(`${request.method} ${route}`, reply.statusCode, reply.elapsedTime / 1000);
    logger.log(reply.statusCode >= 500 ? 'warn' : 'info', 'request', {
      route,
      method: request.method,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      account: callers.get(request)?.account,
    });
  });

  function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
    const answer = answerFor(error, (unexpected) => {
      const cause = unexpected instanceof Error ? (unexpected.cause ?? unexpected) : unexpected;
      logger.log('error', 'request failed', {
        route: request.routeOptions.url,
        error: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
      });
    });
    if (answer.error.retryAfter !== undefined) {
      reply.header('retry-after', Math.ceil(answer.error.retryAfter / 1000));
    }
    return reply.code(answer.status).type('application/json; charset=utf-8').send(encodeError(answer));
  }

  async function callerNow(request: FastifyRequest): Promise<Caller | null> {
    const token = bearer(request);
    return token === '' ? null : login.authenticate(token);
  }

  /**
   * Runs when the body has come, minutes after the headers perhaps: who was removed meanwhile does nothing any more. Bodies of objects
   * are still to come; an entry is judged by the chain as it is then, and objects count for nothing without one.
   */
  async function admitAgain({ method, request: { kind } }: Route, request: FastifyRequest): Promise<void> {
    if (method === 'GET' || (kind !== 'json' && kind !== 'none')) return;
    const caller = await callerNow(request);
    if (caller === null) throw sessionOver();
    callers.set(request, caller);
  }

  /** Runs before any of the body is read. */
  async function admit(name: RouteName, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (parts.isClosing()) throw failure('offline', 'closing', 'The server is closing.', 1000);
    const isLocal = isLoopback(request.ip);
    if (route.auth === 'operator') {
      if (!parts.isOperator(bearer(request)) && !(isLocal && !parts.trustProxy)) {
        throw failure('refused', 'operator', 'This is for the server’s operator.');
      }
      return;
    }
    if (route.auth === 'none') {
      limit(anonymousRates[name] ?? 'anonymous', addressKey(request.ip), isLocal);
      return;
    }
    const caller = await callerNow(request);
    if (caller === null) {
      limit('anonymous', addressKey(request.ip), isLocal);
      throw sessionOver();
    }
    callers.set(request, caller);
    underWay.begin(caller.account, reply.raw);
    connections.hold(request.raw, reply.raw);
    limit('request', caller.account, isLocal);
    if (name === 'appendLog') limit('append', caller.account, isLocal);
    if (route.auth === 'device' && caller.device === null) {
      throw failure('refused', 'device', 'This device is not part of the account yet; it has to be added first.');
    }
  }

  /** JSON is here as a whole before its handler is, and then a second time as what it says; bodies of objects see to themselves. */
  async function makeRoom({ kind, maxBytes }: Route['request'], request: FastifyRequest, reply: FastifyReply) {
    const caller = callers.get(request);
    const length = Math.min(Number(request.headers['content-length'] ?? maxBytes), maxBytes);
    if (kind !== 'json' || caller === undefined || length <= largeBody) return;
    whenLeft(reply, await budget.take(2 * length, caller.account));
  }

  function callOf<N extends RouteName>(route: Route, request: FastifyRequest, reply: FastifyReply): Call<N> {
    const { request: body, query } = route;
    return {
      body: (body.kind === 'json' ? body.schema?.parse(request.body) : undefined) as Call<N>['body'],
      query: query?.parse(request.query) as Call<N>['query'],
      params: request.params as Record<string, string>,
      caller: callers.get(request) ?? null,
      raw: request.raw,
      range: request.headers.range,
      isLocal: isLoopback(request.ip),
      address: addressKey(request.ip),
      onDone: (run) => whenLeft(reply, run),
    };
  }

  for (const [key, route] of Object.entries(routes) as [RouteName, Route][]) {
    app.route({
      method: route.method,
      url: `${apiPrefix}${route.path}`,
      // Of JSON: bodies of objects are bounded by who reads them.
      bodyLimit: Math.max(route.request.kind === 'json' ? route.request.maxBytes : 0, 1024),
      exposeHeadRoute: false,
      onRequest: (request, reply) => admit(key, route, request, reply),
      preParsing: (request, reply) => makeRoom(route.request, request, reply),
      handler: async (request, reply) => {
        if (key === 'events') {
          const caller = callers.get(request);
          if (caller === undefined) throw failure('refused', 'session', 'Sign in first.');
          await streams.open(caller, reply.raw);
          reply.hijack();
          return reply;
        }
        const caller = callers.get(request);
        if (caller !== undefined) {
          await turns(caller.account);
          await admitAgain(route, request);
        }
        const handle = handlers[key] as (call: Call<RouteName>) => Promise<unknown>;
        const answer = await handle(callOf(route, request, reply));
        if (isErrorAnswer(answer)) {
          return reply.code(answer.status).type('application/json; charset=utf-8').send(encodeError(answer));
        }
        if (route.reply.schema !== undefined) {
          const body = JSON.stringify(z.encode(route.reply.schema, answer));
          underWay.hurry(reply.raw, body.length);
          return reply.type('application/json; charset=utf-8').send(body);
        }
        return sendRaw(reply, answer as RawReply, underWay);
      },
    });
  }
  return app;
}

function sendRaw(reply: FastifyReply, { status, headers, bytes }: RawReply, underWay: UnderWay): FastifyReply {
  underWay.hurry(reply.raw, bytes.length);
  reply.code(status).headers({ ...headers, 'content-length': String(bytes.length) });
  return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}
