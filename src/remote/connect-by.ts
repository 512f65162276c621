import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { FindProxy } from './find-proxy.ts';
import { proven } from './proven.ts';
import { openTunnel } from './tunnel.ts';

/** How long a connection may take to be there, in milliseconds. */
export const connectPatience = 10_000;

/** What undici connects with: itself, or where there may be a proxy, by a tunnel through that. Told nothing, it goes straight. */
export function connectBy(
  findProxy: FindProxy | null,
): { readonly timeout: number; readonly rejectUnauthorized: true } | buildConnector.connector {
  const own = { ...proven, timeout: connectPatience };
  if (findProxy === null) return own;
  return (options, callback) => {
    void Promise.all([import('undici/lib/core/connect.js'), socketTo(findProxy, options)]).then(
      ([{ default: buildConnector }, httpSocket]) =>
        buildConnector({ ...own, allowH2: false })(
          { ...options, ...(httpSocket === null ? {} : { httpSocket }) },
          callback,
        ),
      (error: Error) => callback(error, null),
    );
  };
}

/** What Node's own `https` connects with; its sessions are new ones. */
export async function agentBy(findProxy: FindProxy | null, { keepAlive = true } = {}): Promise<Agent> {
  const [https, tls] = await Promise.all([import('node:https'), import('node:tls')]);
  const agent = new https.Agent({ ...proven, keepAlive });
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
  // What is not sealed by TLS goes to this computer itself only.
  if (protocol !== 'https:') return null;
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  const target = `${host}:${port === '' ? 443 : port}`;
  const proxy = await findProxy(`https://${target}`);
  return proxy === null ? null : openTunnel(proxy, target);
}
