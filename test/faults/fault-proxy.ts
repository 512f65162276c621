import { randomBytes } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RouteName } from '../../src/wire/route.ts';
import { type Answer, wholeAnswer } from '../helpers/whole-answer.ts';
import type { Fault, PassedRequest } from './fault.ts';
import { routeOf } from './route-of.ts';

/** What is to happen to some of the requests of one kind. */
export interface Rule {
  readonly on: RouteName | readonly RouteName[] | 'any';
  readonly fault: Fault;
  /** Requests of this kind that pass before; default 0. */
  readonly skip?: number;
  /** How many are hit; default all. */
  readonly times?: number;
  /** More that has to hold. */
  readonly onlyIf?: (request: { readonly path: string; readonly body: Uint8Array }) => boolean;
}

export interface ActiveRule {
  /** Requests that it hit so far. */
  readonly hits: number;
  /** Resolves at the next hit. */
  hit(): Promise<void>;
  end(): void;
}

/** Stands between clients and a server, knows the calls of the API, and does to them what it is told. */
export interface FaultProxy {
  /** As `http://127.0.0.1:PORT`; the same for as long as it lives, whatever becomes of the server. */
  readonly url: string;
  /** Where requests go from now on. */
  aim(server: string): void;
  when(rule: Rule): ActiveRule;
  /** Asked for each request that no rule hits; null: it passes. */
  chaos(pick: ((name: RouteName | null) => Fault | null) | null): void;
  /** No rule holds any more, and no chaos; the line is up. */
  calm(): void;
  /** No connection is taken any more, and those that are open are cut. */
  down(): void;
  up(): void;
  readonly passed: readonly PassedRequest[];
  forget(): void;
  close(): Promise<void>;
}

const maxHits = Number.POSITIVE_INFINITY;

export async function startFaultProxy(): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const rules = new Set<{ matches(name: RouteName | null, path: string, body: Uint8Array): Fault | null }>();
  let target: URL | null = null;
  let pick: ((name: RouteName | null) => Fault | null) | null = null;
  let passed: PassedRequest[] = [];
  let isDown = false;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    if (isDown) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  /** The server's answer; a part of the request's body only, if so told, and then none. */
  function forward(request: IncomingMessage, body: Buffer, cutAfter?: number): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (target === null) return reject(new Error('no server'));
      const { hostname, port } = target;
      const out = requestOf(
        { hostname, port, agent, method: request.method, path: request.url, headers: request.headers },
        resolve,
      );
      out.once('error', reject);
      if (cutAfter === undefined) out.end(body);
      else out.write(body.subarray(0, cutAfter), () => out.destroy(new Error('cut')));
    });
  }

  function faultFor(name: RouteName | null, path: string, body: Uint8Array): Fault | null {
    for (const rule of rules) {
      const fault = rule.matches(name, path, body);
      if (fault !== null) return fault;
    }
    return pick?.(name) ?? null;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const name = routeOf(method, url);
    const body = await buffer(request);
    const fault = faultFor(name, url, body);
    const note: PassedRequest = {
      name,
      path: url,
      bytesUp: body.length,
      bytesDown: 0,
      status: 0,
      fault: fault?.type ?? null,
    };
    passed.push(note);
    const reply = (answer: Answer, part = answer.body, length = part.length): void => {
      note.status = answer.status;
      note.bytesDown = part.length;
      const headers = { ...answer.headers, 'content-length': length };
      response.writeHead(answer.status, headers);
      if (length === part.length) response.end(part);
      else response.write(part, () => response.destroy());
    };

    if (fault?.type === 'stall') await fault.until;
    switch (fault?.type) {
      case 'refuse':
        response.destroy();
        return;
      case 'cut-request':
        await forward(request, body, Math.min(fault.after, Math.max(0, body.length - 1))).catch(() => undefined);
        response.destroy();
        return;
      case 'nonsense':
        request.socket.end(randomBytes(200));
        return;
      case 'status':
        if (fault.isDelivered === true) await wholeAnswer(await forward(request, body));
        reply({
          status: fault.status,
          headers: { 'content-type': 'application/json', ...fault.headers },
          body: Buffer.from(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {})),
        });
        return;
      case 'twice':
        await wholeAnswer(await forward(request, body));
        break;
      default:
    }

    const answer = await forward(request, body);
    if (name === 'events' || fault?.type === 'silence') {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      note.status = answer.statusCode ?? 502;
      response.flushHeaders();
      response.once('close', () => answer.destroy());
      if (fault?.type === 'silence') answer.resume();
      else {
        answer.pipe(response);
        answer.once('error', () => response.destroy());
        answer.once('close', () => response.destroy());
      }
      return;
    }
    const got = await wholeAnswer(answer);
    switch (fault?.type) {
      case 'lose-reply':
        response.destroy();
        return;
      case 'cut-reply':
        return reply(got, got.body.subarray(0, Math.min(fault.after, got.body.length - 1)), got.body.length);
      case 'truncate':
        return reply(got, got.body.subarray(0, fault.after));
      case 'garbage':
        return reply({ ...got, status: 200, body: randomBytes(1000) });
      case 'rewrite':
        reply(got, Buffer.from(fault.change(got.body)));
        return;
      case 'flip': {
        const flipped = Buffer.from(got.body);
        const at = Math.floor(flipped.length / 2);
        if (at < flipped.length) flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
        return reply(got, flipped);
      }
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return reply(got);
      case 'slow':
        note.status = got.status;
        response.writeHead(got.status, { ...got.headers, 'content-length': got.body.length });
        for (let at = 0; at < got.body.length && !response.destroyed; ) {
          const piece = got.body.subarray(at, at + Math.max(1, Math.ceil(fault.bytesPerSecond / 20)));
          response.write(piece);
          at += piece.length;
          note.bytesDown = at;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        response.end();
        return;
      default:
        return reply(got);
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    aim: (to) => {
      target = new URL(to);
    },
    when: (rule) => activate(rules, rule),
    chaos: (next) => {
      pick = next;
    },
    calm: () => {
      rules.clear();
      pick = null;
      isDown = false;
    },
    down: () => {
      isDown = true;
      for (const socket of sockets) socket.destroy();
    },
    up: () => {
      isDown = false;
    },
    get passed() {
      return passed;
    },
    forget: () => {
      passed = [];
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function activate(
  rules: Set<{ matches(name: RouteName | null, path: string, body: Uint8Array): Fault | null }>,
  rule: Rule,
): ActiveRule {
  let seen = 0;
  let hits = 0;
  let waiting: (() => void)[] = [];
  const isMeant = (name: RouteName | null): boolean =>
    rule.on === 'any' || (name !== null && [rule.on].flat().includes(name));
  const active = {
    matches: (name: RouteName | null, path: string, body: Uint8Array): Fault | null => {
      if (!isMeant(name) || rule.onlyIf?.({ path, body }) === false) return null;
      if (seen++ < (rule.skip ?? 0) || hits >= (rule.times ?? maxHits)) return null;
      hits++;
      for (const wake of waiting) wake();
      waiting = [];
      return rule.fault;
    },
  };
  rules.add(active);
  return {
    get hits() {
      return hits;
    },
    hit: () => new Promise((resolve) => waiting.push(resolve)),
    end: () => void rules.delete(active),
  };
}
