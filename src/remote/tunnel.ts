import type { Socket } from 'node:net';
import { HoldfastError } from '../common/errors.ts';
import { proven } from './proven.ts';
import { plainAddress } from './proxy-address.ts';
import { transportFailure } from './reply-failure.ts';
import { trustSystem } from './system-trust.ts';

/** How long a proxy may take to reach a server, in milliseconds. */
const patience = 10_000;

/**
 * A connection to `target`, a host and port, that a proxy carries without looking into it (CONNECT, RFC 9110, 9.3.6). Rejects
 * with `offline` if the proxy cannot be reached, or does not or will not reach the target.
 */
export async function openTunnel(proxy: URL, target: string): Promise<Socket> {
  const { request: ask } = await (proxy.protocol === 'https:' ? import('node:https') : import('node:http'));
  const name = plainAddress(proxy);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = ask(name, {
    ...proven,
    method: 'CONNECT',
    path: target,
    // One socket for one connection: a kept one could carry no other.
    agent: false,
    headers: {
      host: target,
      'user-agent': 'holdfast',
      ...(proxy.username === '' ? {} : { 'proxy-authorization': basic(proxy) }),
    },
  });
  const timer = setTimeout(() => request.destroy(new Error('the proxy took too long')), patience);
  request.once('connect', ({ statusCode = 0 }, socket: Socket, first: Buffer) => {
    clearTimeout(timer);
    if (statusCode >= 200 && statusCode < 300) {
      if (first.length > 0) socket.unshift(first);
      return resolve(socket);
    }
    socket.destroy();
    reject(refusal(name, target, statusCode));
  });
  // A proxy that does not know CONNECT answers as a web server does.
  request.once('response', (response) => {
    clearTimeout(timer);
    response.destroy();
    reject(refusal(name, target, response.statusCode ?? 0));
  });
  request.on('error', (cause) => {
    clearTimeout(timer);
    reject(broken(name, cause));
  });
  request.end();
  return promise;
}

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${asTyped(username)}:${asTyped(password)}`).toString('base64')}`;

/** People who write a `%` into a password seldom know that it has a meaning there. */
const asTyped = (text: string): string => decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));

function refusal(proxy: string, target: string, status: number): HoldfastError {
  if (status !== 407) return failure(`The proxy ${proxy} does not connect to ${target} (status ${status}).`);
  const hint = 'They can be given in the address: HTTPS_PROXY=http://NAME:PASSWORD@proxy.example.org:3128.';
  return failure(`The proxy ${proxy} asks for a name and a password.`, { hint });
}

function broken(proxy: string, cause: Error): HoldfastError {
  const isTrusted = transportFailure(proxy, cause).reason !== 'certificate';
  // Whom the system trusts is not asked before that is needed: the next try may get through.
  if (isTrusted || trustSystem()) return failure(`The proxy ${proxy} cannot be reached.`, { cause });
  return failure(`The certificate of the proxy ${proxy} is not trusted; nothing was sent.`, { cause });
}

/** All of these are temporary: in another network at the latest they are over. */
const failure = (message: string, details: { readonly hint?: string; readonly cause?: unknown } = {}): HoldfastError =>
  new HoldfastError('offline', message, { reason: 'proxy', ...details });
