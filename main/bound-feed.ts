import type { Session } from 'electron';

/** In bytes; more than any list of the newest version takes. */
const listLimit = 64 * 1024;

interface BoundFeed {
  /** Does something that fetches a larger answer, of at most so many bytes. */
  allowing<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

/** The length that an answer declares; null if it declares none, or is compressed and would get larger. */
export function lengthOf(headers: Readonly<Record<string, string[]>> | undefined): number | null {
  const values = (name: string): string[] =>
    Object.entries(headers ?? {}).flatMap(([each, all]) => (each.toLowerCase() === name ? all : []));
  const [length, ...others] = values('content-length');
  if (length === undefined || others.length > 0 || !/^\d{1,15}$/.test(length)) return null;
  return values('content-encoding').every((encoding) => encoding === 'identity') ? Number(length) : null;
}

/** Keeps all requests of this session to the feed's origin, redirects included, and each answer to the size allowed. */
export function boundFeed({ webRequest }: Pick<Session, 'webRequest'>, feed: URL): BoundFeed {
  let limit = listLimit;
  webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: URL.parse(url)?.origin !== feed.origin }));
  webRequest.onHeadersReceived(({ responseHeaders }, answer) => {
    const length = lengthOf(responseHeaders);
    answer({ cancel: length === null || length > limit });
  });
  return {
    allowing: async (bytes, work) => {
      limit = Math.max(bytes, listLimit);
      try {
        return await work();
      } finally {
        limit = listLimit;
      }
    },
  };
}
