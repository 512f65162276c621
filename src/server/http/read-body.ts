import type { IncomingMessage } from 'node:http';
import { freeMemory } from '../../common/free-memory.ts';
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

/** Fills `bytes` with the whole body. Throws `usage` if it has another length, as when the connection ends before. */
export function readBody(request: IncomingMessage, bytes: Uint8Array): Promise<void> {
  const { length } = bytes;
  return new Promise((resolve, reject) => {
    let at = 0;
    const end = (): void => {
      if (at !== length) reject(failure('usage', 'content-length', 'The body is not as long as declared.'));
      resolve();
    };
    // It may be gone by the time its turn comes: then no event follows.
    if (request.destroyed) return end();
    // By its events: an iterator would join what waits, copying everything once more.
    request.on('data', (piece: Uint8Array) => {
      if (at + piece.length <= length) bytes.set(piece, at);
      at += piece.length;
      freeMemory(piece);
    });
    request.once('end', end);
    request.once('close', end);
    request.once('error', reject);
  });
}
