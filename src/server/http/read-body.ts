import type { IncomingMessage } from 'node:http';
import { failure } from '../failure.ts';

/** The declared length of a body; throws `usage` without one, `limit` if it is above `most`. */
export function bodyLength(request: IncomingMessage, most: number): number {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw failure('usage', 'content-length', 'A body needs its Content-Length.');
  }
  if (length > most) throw failure('limit', 'too-large', `The body exceeds ${most} bytes.`);
  return length;
}

/** Fills `bytes` with the whole body. Throws `usage` if the connection ends before. */
export async function readBody(request: IncomingMessage, bytes: Uint8Array): Promise<void> {
  const { length } = bytes;
  let at = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    if (at + chunk.length > length) throw failure('usage', 'content-length', 'The body is longer than declared.');
    bytes.set(chunk, at);
    at += chunk.length;
  }
  if (at !== length) throw failure('usage', 'content-length', 'The body is shorter than declared.');
}
