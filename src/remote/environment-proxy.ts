import { isIP } from 'node:net';
import { isLoopbackHost } from '../common/loopback.ts';
import type { FindProxy } from './find-proxy.ts';
import { parseProxyAddress } from './proxy-address.ts';

/**
 * The proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name, also in small letters, as curl takes them; null if they name none.
 * This computer itself is always reached directly.
 */
export function environmentProxy(environment: Readonly<Record<string, string | undefined>>): FindProxy | null {
  const said = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const name = ['HTTPS_PROXY', 'ALL_PROXY'].find((each) => said(each).trim() !== '');
  if (name === undefined) return null;
  const exceptions = said('NO_PROXY');
  return async (origin) => {
    const url = new URL(origin);
    if (isLoopbackHost(url.hostname) || isExcepted(url, exceptions)) return null;
    return parseProxyAddress(said(name).trim(), name);
  };
}

/** Whether a list of hosts, domains (with or without a leading dot) and `*`, each with or without a port, means that server. */
function isExcepted({ hostname, port }: URL, list: string): boolean {
  const itsPort = port || '443';
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      if (entryPort !== undefined && entryPort !== itsPort) return false;
      const domain = host.replace(/^\*?\./, '');
      return hostname === domain || hostname.endsWith(`.${domain}`);
    });
}
