import type { Pool } from 'undici';
import { isKind } from '../common/errors.ts';
import { freeMemory } from '../common/free-memory.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Pace } from './pace.ts';
import { oversizedReply, transportFailure } from './reply-failure.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** The line was cut after these bytes. */
  readonly isPart?: boolean;
}

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query. */
  readonly path: string;
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Counted and slowed down by whoever makes it. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Bytes that the answer may have at most. */
  readonly most: number;
  /** How much of the answer is here. */
  readonly onReceived?: (position: number) => void;
  /** The part of an answer that is of use although the line was cut; null: none. */
  readonly usable?: (received: Uint8Array) => Uint8Array | null;
  /** Hears of what moves, and ends what moves too slowly. */
  readonly watched: Pace;
}

/**
 * One request and its whole answer, as bytes of its own: no redirects, no cookies, no decompression, nothing above `most`.
 * By undici's `dispatch`: the body goes from the socket to where it is wanted, without a stream between. Once it resolves
 * nothing reads a body that is iterated over any more, even if the server answered before it had all of it.
 */
export function exchange(pool: Pool, bandwidth: Bandwidth, request: Exchange): Promise<RawAnswer> {
  const { method, path, token, headers, most, watched } = request;
  const { body, sent } = untilSent(request.body);
  const { signal } = watched;
  return new Promise((resolve, reject) => {
    let stop: ((reason: Error) => void) | null = null;
    let status = 0;
    let target: Uint8Array | null = null;
    const pieces: Uint8Array[] = [];
    let length = 0;
    let copied: Uint8Array | null = null;

    const fail = (reason: Error): void => {
      signal.removeEventListener('abort', aborted);
      reject(reason);
      stop?.(reason);
    };
    const aborted = (): void => fail(signal.reason);
    const received = (): Uint8Array => target?.subarray(0, length) ?? new Uint8Array(Buffer.concat(pieces));
    const cut = async (error: Error): Promise<void> => {
      const isOnTheWay = (status === 200 || status === 206) && !signal.aborted && isOfTheLine(error);
      const part = isOnTheWay ? (request.usable?.(received()) ?? null) : null;
      if (part === null) return fail(error);
      await sent;
      signal.removeEventListener('abort', aborted);
      resolve({ status, body: part, isPart: true });
    };
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });

    pool.dispatch(
      {
        method,
        path,
        // Undici takes an iterable, though its types do not say so.
        body: body as Uint8Array | null,
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          'user-agent': 'holdfast',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      },
      {
        onRequestStart: (controller) => {
          stop = (reason) => controller.abort(reason);
          if (signal.aborted) stop(signal.reason);
        },
        onResponseStart: (_, code, received) => {
          if (code < 200) return;
          status = code;
          const declared = Number(received['content-length'] ?? Number.NaN);
          if (declared > most) return fail(oversizedReply());
          // Not zeroed: what it is given for is only ever the part that came.
          if (Number.isSafeInteger(declared)) target = new Uint8Array(Buffer.allocUnsafeSlow(declared).buffer);
        },
        onResponseData: (controller, piece) => {
          // As when it goes on, and nothing has come meanwhile: to wait for that would be to wait for ever.
          if (piece.length === 0) return;
          if (length + piece.length > (target?.length ?? most)) return fail(oversizedReply());
          if (target === null) pieces.push(piece);
          else {
            target.set(piece, length);
            // undici may still look at the memory of the latest.
            if (copied !== null && copied.buffer !== piece.buffer) freeMemory(copied);
            copied = piece;
          }
          length += piece.length;
          watched.moved(piece.length);
          request.onReceived?.(length);
          if (!bandwidth.isLimited('down')) return;
          controller.pause();
          watched.waiting(bandwidth.take('down', piece.length, signal)).then(() => controller.resume(), fail);
        },
        onResponseEnd: async () => {
          await sent;
          signal.removeEventListener('abort', aborted);
          if (target !== null && target.length !== length) return reject(new Error('the answer was cut short'));
          const body = received();
          onceReusable(() => resolve({ status, body }));
        },
        onResponseError: (_, error) => void cut(error),
      },
    );
  });
}

const isOfTheLine = (error: Error): boolean => isKind(transportFailure('', error), 'offline');

/**
 * A body, and when the last of it has left this process: undici asks for the next piece once the one before was taken by the
 * system, or once the connection is closed.
 */
function untilSent(body: Exchange['body']): { readonly body: Exchange['body']; readonly sent: Promise<void> } {
  if (body === null || body instanceof Uint8Array) return { body, sent: Promise.resolve() };
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* pieces(all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* all;
    } finally {
      resolve();
    }
  }
  return { body: pieces(body), sent: promise };
}

/**
 * Undici takes a connection back one turn of the event loop after its answer: whoever asks again before that gets a new one, and
 * pays for its packets.
 */
const onceReusable = (then: () => void): void => void setImmediate(() => setImmediate(then));
