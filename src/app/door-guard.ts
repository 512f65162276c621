import type { IncomingMessage } from 'node:http';
import { constantTimeEqual } from '../crypto/constant-time.ts';

export type Verdict = { readonly status: number; readonly reason: string } | null;

const failuresPerSecond = 5;

/**
 * Decides who may pass the door, before anything is routed or read. Web pages are kept out by exact Host (DNS rebinding),
 * exact Origin and fetch metadata (requests across sites); programs of other users by the token. The result is null for
 * a request that may pass.
 */
export function doorGuard(port: number, token: string, monotonic: () => number): (request: IncomingMessage) => Verdict {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const expected = Buffer.from(`Bearer ${token}`);
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

    failures = failures.filter((at) => monotonic() - at < 1000);
    if (failures.length >= failuresPerSecond) return refuse(429, 'too-many-failures');
    if (authorization === undefined || !constantTimeEqual(Buffer.from(authorization), expected)) {
      failures.push(monotonic());
      return refuse(401, 'token');
    }
    return null;
  };
}

const refuse = (status: number, reason: string): Verdict => ({ status, reason });

const isJson = (type: string | undefined): boolean =>
  type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
