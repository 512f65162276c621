import { Agent, createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import { parseFrames } from '../../../src/wire/frame.ts';
import type { RouteName } from '../../../src/wire/route.ts';
import { routeOf } from '../../faults/route-of.ts';
import { type Answer, wholeAnswer } from '../../helpers/whole-answer.ts';

/** Which client asks: each has a door of its own. */
export type Who = string;

export interface Asked {
  readonly who: Who;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Null: no route of the API. */
  readonly name: RouteName | null;
  readonly vault: VaultId | null;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer, or something that is none: it writes to the response what it likes. */
export type Said = Answer | ((response: ServerResponse) => void);

/** What the server says instead; null: no lie here. `truth` asks the real server, or another one, as often as it is called. */
export type Lie = (asked: Asked, truth: (server?: string) => Promise<Answer>) => Promise<Said | null> | Said | null;

/**
 * The server as its clients see it: the real one, behind somebody who sees all, keeps all and may answer anything.
 */
export interface Liar {
  /** The origin that this client dials. */
  door(who: Who): Promise<string>;
  aim(server: string): void;
  /** From now on, until the function that it gives is called. The newest lie is asked first. */
  lie(lie: Lie): () => void;
  /** All requests, without the streams of hints, since {@link forget}. */
  readonly asked: readonly Asked[];
  /** Objects that came, whoever sent them, in order. All of them, with what was ever sent for one id. */
  readonly uploads: readonly {
    readonly who: Who;
    readonly vault: VaultId;
    readonly id: ObjectId;
    readonly bytes: Buffer;
  }[];
  forget(): void;
  close(): Promise<void>;
}

export async function startLiar(): Promise<Liar> {
  const agent = new Agent({ keepAlive: true });
  const lies: Lie[] = [];
  const asked: Asked[] = [];
  const uploads: { who: Who; vault: VaultId; id: ObjectId; bytes: Buffer }[] = [];
  const doors: ReturnType<typeof createServer>[] = [];
  let target = '';

  const forward = (request: Asked, server = target): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server);
      const { method, path, headers } = request;
      const out = requestOf({ hostname, port, agent, method, path, headers }, resolve);
      out.once('error', reject);
      out.end(request.body);
    });

  const serve = async (who: Who, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = await buffer(incoming);
    const name = routeOf(method, path);
    const vault = (/\/vaults\/([0-9a-f]{32})/.exec(path)?.[1] ?? null) as VaultId | null;
    const request: Asked = { who, method, path, name, vault, headers, body };
    if (name !== 'events') asked.push(request);
    uploads.push(...uploadsIn(request));
    const truth = async (server?: string): Promise<Answer> => wholeAnswer(await forward(request, server));
    for (const lie of [...lies].reverse()) {
      const said = await lie(request, truth);
      if (said !== null) return say(response, said);
    }
    if (name === 'events') return relay(await forward(request), response);
    say(response, await truth());
  };

  return {
    door: async (who) => {
      const door = createServer((request, response) => {
        serve(who, request, response).catch(() => response.destroy());
      });
      doors.push(door);
      await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    },
    aim: (server) => {
      target = server;
    },
    lie: (lie) => {
      lies.push(lie);
      return () => {
        const at = lies.indexOf(lie);
        if (at >= 0) lies.splice(at, 1);
      };
    },
    asked,
    uploads,
    forget: () => {
      asked.length = 0;
    },
    close: async () => {
      agent.destroy();
      for (const door of doors) {
        door.closeAllConnections();
        await new Promise((resolve) => door.close(resolve));
      }
    },
  };
}

function say(response: ServerResponse, said: Said): void {
  if (typeof said === 'function') said(response);
  else response.writeHead(said.status, { ...said.headers, 'content-length': said.body.length }).end(said.body);
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.flushHeaders();
  response.once('close', () => answer.destroy());
  answer.once('error', () => response.destroy()).once('close', () => response.destroy());
  answer.pipe(response);
}

function* uploadsIn({ who, name, path, vault, body }: Asked): Iterable<Liar['uploads'][number]> {
  if (vault === null) return;
  if (name === 'putObject') {
    const id = path.slice(path.lastIndexOf('/') + 1) as ObjectId;
    yield { who, vault, id, bytes: body };
  } else if (name === 'putObjects' || name === 'appendLog') {
    for (const { id, bytes } of parseFrames(body) ?? []) {
      if (!/^0+$/.test(id)) yield { who, vault, id, bytes: Buffer.from(bytes) };
    }
  }
}
