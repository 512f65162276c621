import Pool from 'undici/lib/dispatcher/pool.js';
import { maxBatchBytes } from '../wire/limits.ts';
import type { Bandwidth } from './bandwidth.ts';
import { connectBy } from './connect-by.ts';
import { exchange, type RawAnswer } from './exchange.ts';
import type { FindProxy } from './find-proxy.ts';
import { defaultPatience, type Pace, type Patience, paced } from './pace.ts';

export interface BulkRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly token: string | null;
  readonly contentType: string | null;
  /** Sent one after the other, as they are. Nothing reads them any more once `send` resolves. */
  readonly parts: readonly Uint8Array[];
  readonly range?: { readonly start: number; readonly end: number };
  /** Bytes that the answer may have at most. */
  readonly most: number;
  readonly signal: AbortSignal;
}

export interface BulkTransport {
  /** One try; as `JsonTransport.send`. */
  send(request: BulkRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

export const defaultConnections = 12;

/** What a limited line lets through at a time. */
const sliceBytes = 32 * 1024;
/**
 * What is written at once: many small objects, or a slice of a large one. Undici gives a connection up on which one write
 * takes a minute, however steadily its bytes go: on a slow line a whole chunk would.
 */
const joinBytes = 256 * 1024;

/** Bodies of objects, by undici: one pool of connections, bodies neither copied nor decoded. */
export function createBulkTransport(
  origin: string,
  bandwidth: Bandwidth,
  findProxy: FindProxy | null = null,
  connections = defaultConnections,
  patience: Patience = defaultPatience,
  stallMs = 60_000,
): BulkTransport {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: connectBy(findProxy),
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    keepAliveTimeout: 30_000,
    maxResponseSize: maxBatchBytes + 64 * 1024,
  });

  async function* slices(parts: readonly Uint8Array[], { signal, waiting }: Pace): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += sliceBytes) {
        const slice = part.slice(at, at + sliceBytes);
        await waiting(bandwidth.take('up', slice.length, signal));
        bandwidth.count('up', slice.length);
        yield slice;
      }
    }
  }

  function bodyOf(parts: readonly Uint8Array[], length: number, watched: Pace) {
    if (length === 0) return null;
    if (bandwidth.isLimited('up')) return slices(parts, watched);
    bandwidth.count('up', length);
    return length <= joinBytes ? Buffer.concat(parts) : joined(parts);
  }

  function send({ parts, contentType, range, ...rest }: BulkRequest, watched: Pace): Promise<RawAnswer> {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    watched.moved(length);
    const headers = {
      ...(contentType === null ? {} : { 'content-type': contentType, 'content-length': String(length) }),
      ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }),
    };
    return exchange(pool, bandwidth, { ...rest, headers, body: bodyOf(parts, length, watched), watched });
  }

  return {
    send: (request) => paced(origin, request.signal, patience, (watched) => send(request, watched)),
    close: () => pool.destroy(),
  };
}

/** Small neighbours as one block, large parts in slices: after each, a connection waits until it has nothing left to send. */
async function* joined(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  let block: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (bytes + part.length > joinBytes && block.length > 0) {
      yield Buffer.concat(block);
      block = [];
      bytes = 0;
    }
    if (part.length > joinBytes) {
      for (let at = 0; at < part.length; at += joinBytes) yield part.subarray(at, at + joinBytes);
      continue;
    }
    block.push(part);
    bytes += part.length;
  }
  if (block.length > 0) yield Buffer.concat(block);
}
