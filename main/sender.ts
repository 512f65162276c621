import { uiOrigin } from './scheme.ts';

/** What is known of who sent a message over Electron's IPC. */
interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** Only the main frame of a page of our own scheme is listened to. */
export function isOurs({ senderFrame }: Sender): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false;
  const url = URL.canParse(senderFrame.url) ? new URL(senderFrame.url) : null;
  return url !== null && `${url.protocol}//${url.host}` === uiOrigin;
}

/** Lets so many calls pass in any second: a page that went mad must not starve the engine. */
export function rateLimit(perSecond: number, monotonic: () => number): () => boolean {
  let start = monotonic();
  let count = 0;
  return () => {
    const now = monotonic();
    if (now - start >= 1000) {
      start = now;
      count = 0;
    }
    count++;
    return count <= perSecond;
  };
}
