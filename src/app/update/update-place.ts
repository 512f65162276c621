import { securityError } from '../../common/errors.ts';
import { isLoopbackHost } from '../../common/loopback.ts';

/** The name of a platform's statement, beside the feed (FORMAT.md 15). */
export const statementName = (platform: string): string => `holdfast-${platform}.update`;

/**
 * Throws a security error unless the feed is on a host of its own, and so is all that it names (F-UPDATE-4).
 * `storageServer`: the origin of the account's server, or null if nobody is signed in.
 */
export function checkUpdateHost(feed: URL, storageServer: string | null): void {
  if (storageServer === null || !isOneHost(feed.hostname, new URL(storageServer).hostname)) return;
  throw securityError('E_AUTH', 'Updates would come from the storage server, which must not decide what runs here.');
}

/** Throws a security error if a file that the feed names, by an address or relative to the feed, is elsewhere. */
export function checkUpdateAddresses(feed: URL, addresses: readonly string[]): void {
  const isHere = (address: string): boolean => URL.parse(address, feed.href)?.origin === feed.origin;
  if (addresses.length > 0 && addresses.every(isHere)) return;
  throw securityError('E_AUTH', 'The feed names no file, or one on another host than its own.');
}

function isOneHost(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replace(/\.$/, '')) as [string, string];
  return a === b || (isLoopbackHost(a) && isLoopbackHost(b));
}
