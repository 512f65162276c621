import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HoldfastError } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { Service } from '../../rpc/contract.ts';
import { dispatch, type Reply } from '../../rpc/dispatch.ts';
import { type RpcEvent, rpcEvent } from '../../rpc/home-report.ts';
import { doorGuard } from './door-guard.ts';
import { doorTickets } from './door-tickets.ts';
import { type UiFile, uiPolicy } from './ui-files.ts';

export interface LoopbackDoor {
  readonly port: number;
  /** An address for one browser page, with a ticket that works once. */
  newAddress(): string;
  /** Ends event streams and idle connections; calls under way are answered first. */
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly service: Service;
  /** Base64url, 256 bits. */
  readonly token: string;
  /** The built window; without it there is nothing to look at, and the contract only. */
  readonly files?: ReadonlyMap<string, UiFile>;
  readonly logger: Logger;
  readonly random: Random;
  readonly monotonic: () => number;
}

const maxBody = 1024 * 1024;
const heartbeat = 15_000;

const safety = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/**
 * The contract over HTTP on 127.0.0.1, at a port that the system chooses:
 * `POST /rpc/COMMAND` with the input as JSON answers a `Reply`; `GET /events` streams events (`text/event-stream`);
 * `POST /session` exchanges a ticket for a token; `POST /address` answers the address for one more page, to programs that
 * have the token of the daemon's file; any other GET is a file of the window.
 */
export async function openLoopbackDoor(options: DoorOptions): Promise<LoopbackDoor> {
  const { service, token, logger, monotonic, files = new Map<string, UiFile>() } = options;
  const tickets = doorTickets(token, options.random, monotonic);
  const streams = new Set<() => void>();
  let guard: ReturnType<typeof doorGuard> = () => ({ status: 503, reason: 'starting' });

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 });
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.log('error', 'the door failed', { error });
      response.destroy();
    });
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(safety)) response.setHeader(name, value);
    const refusal = guard(request);
    if (refusal !== null) return refuse(response, refusal.status, refusal.reason);
    if (request.method === 'GET' && request.url === '/events') return stream(response);
    const file = fileOf(request);
    if (file !== undefined) return sendFile(response, file);
    if (isSession(request)) return sendSession(request, response);
    if (isAddress(request)) return sendJson(response, 200, { url: newAddress() });
    const command = /^\/rpc\/([a-z-]{1,40})$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || command === undefined) return refuse(response, 404, 'not-found');
    const input = await readJson(request);
    if (!input.ok) return refuse(response, input.status, input.reason);
    const reply = await dispatch(service, command, input.value, (error) => {
      logger.log('error', 'a command failed unexpectedly', { command, error });
    });
    send(response, 200, reply);
  };

  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // A page that lost the line is to know that it is back, and not only when something happens.
    response.flushHeaders();
    const write = (event: RpcEvent): void => {
      response.write(`data: ${JSON.stringify(rpcEvent.parse(event))}\n\n`);
    };
    // A reader that does not read loses the states in between, never the last one.
    let missed: RpcEvent | null = null;
    const unlisten = service.listen((event) => {
      if (event.type === 'status') missed = response.writableNeedDrain ? event : null;
      if (event !== missed) write(event);
    });
    response.on('drain', () => {
      if (missed !== null) write(missed);
      missed = null;
    });
    const beat = setInterval(() => response.write(':\n\n'), heartbeat);
    const end = (): void => {
      clearInterval(beat);
      unlisten();
      streams.delete(end);
      response.end();
    };
    streams.add(end);
    response.once('close', end);
  };

  const fileOf = ({ method, url }: IncomingMessage): UiFile | undefined =>
    method === 'GET' ? files.get(url ?? '') : undefined;

  /** The ticket was looked at by the guard; here it is used up. */
  const sendSession = (request: IncomingMessage, response: ServerResponse): void => {
    const page = tickets.redeem(request.headers.authorization?.slice('Bearer '.length) ?? '');
    if (page === null) refuse(response, 401, 'ticket');
    else sendJson(response, 200, { token: page });
  };

  const port = await listen(server);
  const newAddress = (): string => `http://127.0.0.1:${port}/#${tickets.issue()}`;
  guard = doorGuard({
    port,
    isPublic: (request) => fileOf(request) !== undefined,
    isBearer: (text, request) => {
      if (isSession(request)) return tickets.isTicket(text);
      return isAddress(request) ? tickets.isFileToken(text) : tickets.isToken(text);
    },
    monotonic,
  });
  return {
    port,
    newAddress,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const end of [...streams]) end();
      server.closeIdleConnections();
      await closed;
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new HoldfastError('io', 'The local door cannot be opened on 127.0.0.1.', { reason: 'door', cause }));
    });
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const isAddress = ({ method, url }: IncomingMessage): boolean => method === 'POST' && url === '/address';
const isSession = ({ method, url }: IncomingMessage): boolean => method === 'POST' && url === '/session';

function sendFile(response: ServerResponse, { type, read }: UiFile): void {
  const body = read();
  response.setHeader('content-security-policy', uiPolicy("'self'"));
  response.writeHead(200, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}

const send = (response: ServerResponse, status: number, reply: Reply): void => sendJson(response, status, reply);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    // One command a connection: nothing idle keeps the daemon from ending.
    connection: 'close',
  });
  response.end(body);
}

const refuse = (response: ServerResponse, status: number, reason: string): void =>
  send(response, status, {
    ok: false,
    failure: { kind: 'refused', reason, message: 'The door does not let this request in.', hint: null, security: null },
  });

type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly reason: string };

async function readJson(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBody) return { ok: false, status: 413, reason: 'too-large' };
    parts.push(part);
  }
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  } catch {
    return { ok: false, status: 400, reason: 'not-json' };
  }
}
