import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import connect from 'undici/lib/core/connect.js';
import type { FindProxy } from './find-proxy.ts';
import { proven } from './proven.ts';
import { openTunnel } from './tunnel.ts';

/** How long a connection may take to open, in milliseconds. */
export const connectPatience = 10_000;

/**
 * How long each of several addresses of a server has, in milliseconds, before the next one is tried. Where one kind of address
 * leads nowhere, a short time costs little; where the round trip takes longer than that, only the last address is ever reached.
 */
const hasty = 250;
const patient = 2500;

/** What undici connects with: straight, or where there may be a proxy, by a tunnel through that. */
export function connectBy(findProxy: FindProxy | null): buildConnector.connector {
  const connectorWith = (autoSelectFamilyAttemptTimeout: number): buildConnector.connector =>
    connect({ ...proven, timeout: connectPatience, allowH2: false, autoSelectFamilyAttemptTimeout });
  let now = connectorWith(hasty);
  let next = connectorWith(patient);
  const straight: buildConnector.connector = (options, callback) =>
    now(options, (...outcome) => {
      // Whichever of the two this line needs, one of the next tries uses it.
      if (outcome[0] !== null) [now, next] = [next, now];
      callback(...outcome);
    });
  if (findProxy === null) return straight;
  return (options, callback) =>
    void socketTo(findProxy, options).then(
      (httpSocket) => straight({ ...options, ...(httpSocket === null ? {} : { httpSocket }) }, callback),
      (error: Error) => callback(error, null),
    );
}

/** What Node's own `https` connects with. */
export async function agentBy(findProxy: FindProxy | null, { keepAlive = true } = {}): Promise<Agent> {
  const [https, tls] = await Promise.all([import('node:https'), import('node:tls')]);
  const agent = new https.Agent({ ...proven, keepAlive, autoSelectFamilyAttemptTimeout: patient });
  if (findProxy === null) return agent;
  agent.createConnection = (options, callback) => {
    const { host = '', port = '' } = options as { readonly host?: string; readonly port?: number };
    void socketTo(findProxy, { protocol: 'https:', hostname: host, port: String(port) }).then(
      (socket) => callback?.(null, tls.connect({ ...options, ...(socket === null ? {} : { socket }) } as object)),
      (error: Error) => callback?.(error, null as never),
    );
    return undefined;
  };
  return agent;
}

async function socketTo(
  findProxy: FindProxy,
  { protocol, hostname, port }: { readonly protocol: string; readonly hostname: string; readonly port: string },
): Promise<Socket | null> {
  // What TLS does not protect goes to this computer itself only.
  if (protocol !== 'https:') return null;
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  const target = `${host}:${port === '' ? 443 : port}`;
  const proxy = await findProxy(`https://${target}`);
  return proxy === null ? null : openTunnel(proxy, target);
}
