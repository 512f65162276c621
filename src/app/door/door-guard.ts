import type { IncomingMessage } from 'node:http';

export type Verdict = { readonly status: number; readonly reason: string } | null;

export interface GuardOptions {
  readonly port: number;
  /** What everyone on this computer may fetch: the page itself, which holds nothing of anyone's. */
  readonly isPublic: (request: IncomingMessage) => boolean;
  /** Compares in constant time. */
  readonly isBearer: (text: string, request: IncomingMessage) => boolean;
  readonly monotonic: () => number;
}

/** More are not even told that they are wrong. Whoever has the token passes all the same: others must not lock them out. */
const failuresPerSecond = 5;

/**
 * Decides who may pass the door, before anything is routed or read. Web pages are kept out by exact Host (DNS rebinding),
 * exact Origin and fetch metadata (requests across sites); programs of other users by the token. The result is null for
 * a request that may pass.
 */
export function doorGuard({
  port,
  isPublic,
  isBearer,
  monotonic,
}: GuardOptions): (request: IncomingMessage) => Verdict {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  let failures: number[] = [];

  return (request) => {
    const { host, origin, authorization } = request.headers;
    const single = request.headersDistinct;
    if (host === undefined || !hosts.has(host) || single['host']?.length !== 1) return refuse(403, 'host');
    if (request.url === undefined || !request.url.startsWith('/')) return refuse(403, 'target');
    if (request.method !== 'GET' && request.method !== 'POST') return refuse(403, 'method');
    const isOwn = origin === `http://${host}`;
    if (origin === undefined ? request.method !== 'GET' : !isOwn) return refuse(403, 'origin');
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return refuse(403, 'site');
    if (request.method === 'POST' && !isJson(request.headers['content-type'])) return refuse(415, 'content-type');

    if (isPublic(request)) return null;

    const bearer = /^Bearer (\S{1,200})$/.exec(authorization ?? '')?.[1];
    if (bearer !== undefined && isBearer(bearer, request)) return null;
    failures = failures.filter((at) => monotonic() - at < 1000);
    if (failures.length >= failuresPerSecond) return refuse(429, 'too-many-failures');
    failures.push(monotonic());
    return refuse(401, 'token');
  };
}

const refuse = (status: number, reason: string): Verdict => ({ status, reason });

const isJson = (type: string | undefined): boolean =>
  type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
