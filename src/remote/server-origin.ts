import { HoldfastError } from '../common/errors.ts';
import { isLoopbackHost } from '../common/loopback.ts';

/**
 * The origin of a server's URL as a person typed it, in the form that login messages carry (FORMAT.md 7.4). Throws `usage`
 * unless it is https, or plain http to this machine itself, without anything behind the host and port.
 */
export function parseServerOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new HoldfastError('usage', 'This is not a server’s address; one looks like https://sync.example.org.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    throw new HoldfastError(
      'usage',
      'A server’s address has nothing after the host; it looks like https://sync.example.org.',
    );
  }
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!isAllowed) {
    throw new HoldfastError(
      'usage',
      'The server’s address has to begin with https://; only this computer itself can be reached without it.',
    );
  }
  return url.origin;
}
