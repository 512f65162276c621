import { HoldfastError } from '../../common/errors.ts';
import { isLoopbackHost } from '../../common/loopback.ts';

/**
 * The server's URL as stored and dialled: an origin, without path. Plain http only to this very computer: elsewhere it
 * would show who signs in and when to everyone on the way. Without a scheme, it is http to this computer and https elsewhere.
 */
export function parseServerUrl(text: string): string {
  const url = text.includes('://') ? URL.parse(text) : withScheme(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badUrl('The server is not a web address.');
  }
  if (url.username !== '' || url.password !== '')
    throw badUrl("The server's address must not hold a user or password.");
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw badUrl("The server's address must have no path after the host.");
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw badUrl('Plain http is only allowed to this computer; use https.');
  }
  return url.origin;
}

function withScheme(text: string): URL | null {
  const secure = URL.parse(`https://${text}`);
  return secure !== null && isLoopbackHost(secure.hostname) ? URL.parse(`http://${text}`) : secure;
}

const badUrl = (message: string): HoldfastError =>
  new HoldfastError('usage', message, {
    reason: 'server-url',
    hint: 'Give it as https://host or https://host:port, for example https://sync.example.org.',
  });
