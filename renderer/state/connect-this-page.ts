import type { Transport } from '../../src/rpc/client.ts';
import type { Service } from '../../src/rpc/contract.ts';
import { connectPage } from '../../src/rpc/page-connection.ts';
import { setLine } from './line.ts';

declare global {
  interface Window {
    /** What the desktop app's preload script puts there; nothing in a browser. */
    readonly holdfast?: Transport;
  }
}

/** The contract, for the page that this runs in. */
export const connectThisPage = (): Promise<Service> =>
  connectPage({
    bridge: window.holdfast ?? null,
    fragment: location.hash.slice(1),
    clearFragment: () => history.replaceState(null, '', location.pathname + location.search),
    kept: sessionStorage,
    fetch: (url, { signal, ...init }) =>
      fetch(url, { ...init, cache: 'no-store', ...(signal instanceof AbortSignal ? { signal } : {}) }),
    newDecoder: () => new TextDecoder(),
    newAbort: () => new AbortController(),
    clock: { sleep },
    onLine: setLine,
  });

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
