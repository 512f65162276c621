import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import { rpcClient } from '../../rpc/client.ts';
import type { Service } from '../../rpc/contract.ts';
import { rpcVersion } from '../../rpc/version.ts';
import type { DaemonFile } from './daemon-file.ts';

/** The contract, served by the daemon whose door `daemon` describes. */
export function remoteService(daemon: DaemonFile): Service {
  if (daemon.rpcVersion !== rpcVersion) {
    throw new HoldfastError('version', 'The running Holdfast daemon is of another version.', {
      reason: 'daemon-version',
      hint: 'End it with `stop` and start it again, so that both are of one version.',
    });
  }
  return rpcClient({
    ask: (name, input) => post(daemon, `/rpc/${name}`, input),
    listen: (onEvent) => {
      const request = send(daemon, 'GET', '/events', null, (response) => {
        readEvents(response, (text) => onEvent(JSON.parse(text)));
      });
      // Events are a comfort: a stream that ends early says nothing about the command that runs beside it.
      request.on('error', () => undefined);
      return () => request.destroy();
    },
  });
}

/** Asks the daemon to end. All versions understand this. */
export async function askToEnd(daemon: DaemonFile): Promise<void> {
  await post(daemon, '/rpc/stop', {});
}

/** An address for one page in a browser; null if the daemon gives none. */
export async function askAddress(daemon: DaemonFile): Promise<string | null> {
  const answer = addressAnswer.safeParse(await post(daemon, '/address', {}));
  return answer.success ? answer.data.url : null;
}

const addressAnswer = z.object({ url: z.string() });

async function post(daemon: DaemonFile, path: string, input: unknown): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) => {
    const request = send(daemon, 'POST', path, JSON.stringify(input), (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    });
    request.on('error', reject);
  }).catch((cause: unknown) => {
    throw new HoldfastError('conflict', 'The Holdfast daemon ended before it answered.', {
      reason: 'daemon-gone',
      cause,
    });
  });
  return parseJson(text);
}

function send(
  daemon: DaemonFile,
  method: 'GET' | 'POST',
  path: string,
  body: string | null,
  onResponse: (response: IncomingMessage) => void,
): ClientRequest {
  const host = `127.0.0.1:${daemon.port}`;
  const headers = {
    host,
    origin: `http://${host}`,
    authorization: `Bearer ${daemon.token}`,
    ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const request = httpRequest(
    { host: '127.0.0.1', port: daemon.port, method, path, headers, agent: false },
    onResponse,
  );
  request.end(body ?? undefined);
  return request;
}

function readEvents(response: IncomingMessage, onData: (text: string) => void): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (block.startsWith('data: ')) onData(block.slice('data: '.length));
  });
  response.on('error', () => undefined);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
