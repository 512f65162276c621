import type { Random } from '../../common/ids.ts';
import { constantTimeEqual } from '../../crypto/constant-time.ts';
import { toBase64url } from '../../wire/base64url.ts';

/** What opens the door: the token of its file, and what one-time tickets were exchanged for. */
export interface DoorTickets {
  /** For one page, within some minutes: it travels in an address, where others may come to see it later. */
  issue(): string;
  isTicket(text: string): boolean;
  /** The token that a page keeps in memory; null if the ticket was used, is too old or was never given. */
  redeem(ticket: string): string | null;
  isToken(text: string): boolean;
  /** Only the token of the file, which no page has: who opens further pages is a program of this user's. */
  isFileToken(text: string): boolean;
}

const validFor = 10 * 60_000;
/** Pages at a time; the oldest has to ask for a new ticket. */
const maxPages = 32;

export function doorTickets(token: string, random: Random, monotonic: () => number): DoorTickets {
  const tickets = new Map<string, number>();
  const pages: string[] = [];
  const newSecret = (): string => toBase64url(random.bytes(32));
  const isSame = (a: string, b: string): boolean => constantTimeEqual(Buffer.from(a), Buffer.from(b));
  const liveTicket = (text: string): string | null => {
    for (const [ticket, until] of tickets) if (until < monotonic()) tickets.delete(ticket);
    // Every ticket is compared, so that the time taken tells nothing of any.
    return [...tickets.keys()].filter((ticket) => isSame(ticket, text))[0] ?? null;
  };
  return {
    issue: () => {
      const ticket = newSecret();
      tickets.set(ticket, monotonic() + validFor);
      return ticket;
    },
    isTicket: (text) => liveTicket(text) !== null,
    redeem: (text) => {
      const ticket = liveTicket(text);
      if (ticket === null) return null;
      tickets.delete(ticket);
      const page = newSecret();
      pages.push(page);
      if (pages.length > maxPages) pages.shift();
      return page;
    },
    isFileToken: (text) => isSame(token, text),
    isToken: (text) => [token, ...pages].filter((each) => isSame(each, text)).length > 0,
  };
}
