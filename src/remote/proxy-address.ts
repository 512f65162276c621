import { HoldfastError } from '../common/errors.ts';

/** A proxy's address; without a scheme it is `http`. Throws `usage`, naming `source`, for what is none that speaks HTTP. */
export function parseProxyAddress(text: string, source: string): URL {
  const hasScheme = /^[a-z0-9+.-]+:\/\//i.test(text);
  const url = URL.parse(hasScheme ? text : `http://${text}`);
  if (url !== null && url.hostname !== '' && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw unusableProxy(source);
}

export const unusableProxy = (source: string): HoldfastError =>
  new HoldfastError(
    'usage',
    `${source} names no proxy that can be used; one looks like http://proxy.example.org:3128.`,
    { reason: 'proxy' },
  );

/** As people and logs may see it: without a name and password. */
export const plainAddress = ({ protocol, host }: URL): string => `${protocol}//${host}`;
