import { HoldfastError } from '../common/errors.ts';
import { rpcClient, type Transport } from './client.ts';
import type { Service } from './contract.ts';
import { rpcEvent } from './home-report.ts';
import { type HttpDoor, httpTransport } from './http-transport.ts';

/** What a page brings along: in Electron the bridge of the preload script, in a browser a ticket in its address. */
export interface Page extends Omit<HttpDoor, 'origin' | 'token'> {
  /** `window.holdfast`, which the desktop app puts there. */
  readonly bridge: Transport | null;
  /** The address' fragment without `#`: a one-time ticket, or empty. */
  readonly fragment: string;
  /** Takes the ticket out of the address, before anything else can see it. */
  clearFragment(): void;
  /** Kept as long as the tab (`sessionStorage`), so that a reload needs no new ticket. */
  readonly kept: { getItem(key: string): string | null; setItem(key: string, value: string): void };
}

const key = 'holdfast-door';
const ticketForm = /^[A-Za-z0-9_-]{43}$/;

/** The contract for this page. Throws `refused` (reason `no-ticket`) if it has neither a bridge nor a ticket that holds. */
export async function connectPage(page: Page): Promise<Service> {
  if (page.bridge !== null) return rpcClient(toldOfLine(page.bridge, page.onLine));
  if (ticketForm.test(page.fragment)) {
    const ticket = page.fragment;
    page.clearFragment();
    const token = await redeem(page, ticket);
    if (token !== null) page.kept.setItem(key, token);
  }
  const token = page.kept.getItem(key);
  if (token === null) throw noTicket();
  return rpcClient(httpTransport({ ...page, origin: '', token }));
}

/** The app says when the engine's process is gone; the first state after that comes from the next one. */
function toldOfLine(bridge: Transport, onLine: HttpDoor['onLine']): Transport {
  return {
    ask: (name, input) => bridge.ask(name, input),
    listen: (onEvent) =>
      bridge.listen((event) => {
        const { data } = rpcEvent.safeParse(event);
        if (data?.type === 'failure' && data.failure.reason === 'engine-gone') onLine?.(false);
        if (data?.type === 'status') onLine?.(true);
        onEvent(event);
      }),
  };
}

async function redeem(page: Page, ticket: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${ticket}`, 'content-type': 'application/json' };
  const answer = await page.fetch('/session', { method: 'POST', headers, body: '{}' });
  if (answer.status !== 200) return null;
  const { token } = JSON.parse(await answer.text()) as { token?: unknown };
  return typeof token === 'string' ? token : null;
}

const noTicket = (): HoldfastError =>
  new HoldfastError('refused', 'This page needs a fresh address from Holdfast.', {
    reason: 'no-ticket',
    hint: 'Run `holdfast open` (or `npm start`) and open the address that it prints.',
  });
