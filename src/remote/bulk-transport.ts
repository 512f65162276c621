import Pool from 'undici/lib/dispatcher/pool.js';
import { maxBatchBytes } from '../wire/limits.ts';
import type { Bandwidth, Direction } from './bandwidth.ts';
import { connectBy } from './connect-by.ts';
import { exchange, type RawAnswer } from './exchange.ts';
import type { FindProxy } from './find-proxy.ts';
import { createLanes } from './lanes.ts';
import { defaultPatience, type Pace, type Patience, paced } from './pace.ts';
import { renewable } from './renewable.ts';

interface BulkRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly token: string | null;
  readonly contentType: string | null;
  /** Sent one after the other, as they are. Nothing reads them any more once `send` resolves. */
  readonly parts: readonly Uint8Array[];
  readonly range?: { readonly start: number; readonly end: number };
  /** How far the body, or the answer, has come; nothing is told of a body that leaves in one piece. */
  readonly onSent?: (position: number) => void;
  readonly onReceived?: (position: number) => void;
  /** As in {@link Exchange}. */
  readonly usable?: (received: Uint8Array) => Uint8Array | null;
  /** Bytes that the answer may have at most. */
  readonly most: number;
  /** As in `TransferOptions`. */
  readonly isLight?: boolean;
  readonly signal: AbortSignal;
}

export interface BulkTransport {
  /** One try; as `JsonTransport.send`. */
  send(request: BulkRequest): Promise<RawAnswer>;
  /** As `JsonTransport.reconnect`. */
  reconnect(): void;
  close(): Promise<void>;
}

const connections = 12;

/** What a limited line lets through at a time. */
const sliceBytes = 32 * 1024;
/**
 * What is written at once: many small objects, or a slice of a large one. Undici gives up a connection on which one write takes a
 * minute, however steadily its bytes go: on a slow line a whole chunk would.
 */
const joinBytes = 256 * 1024;
/** Written at once on a line on which that takes long, so that progress can be seen. */
const leastJoined = 32 * 1024;
const longWrite = 250;
const shortWrite = 20;

/** Bodies of objects, by undici: one pool of connections, bodies neither copied nor decoded. */
export function createBulkTransport(
  origin: string,
  bandwidth: Bandwidth,
  findProxy: FindProxy | null = null,
  patience: Patience = defaultPatience,
  stallMs = 60_000,
): BulkTransport {
  const pool = renewable(
    () =>
      new Pool(origin, {
        connections,
        pipelining: 1,
        connect: connectBy(findProxy),
        headersTimeout: stallMs,
        bodyTimeout: stallMs,
        keepAliveTimeout: 30_000,
        maxResponseSize: maxBatchBytes + 64 * 1024,
      }),
  );

  /** Each way has its own: a line that is thin up is mostly wide enough down. */
  const lanes = { up: createLanes(connections), down: createLanes(connections) };

  /** What is written at once on this line. */
  let blockBytes = joinBytes;
  const wrote = (milliseconds: number): void => {
    if (milliseconds > longWrite) blockBytes = leastJoined;
    else if (milliseconds < shortWrite) blockBytes = Math.min(joinBytes, 2 * blockBytes);
  };

  async function* slices(parts: readonly Uint8Array[], { signal, waiting }: Pace): AsyncGenerator<Uint8Array> {
    for (const slice of slicesOf(parts)) {
      await waiting(bandwidth.take('up', slice.length, signal));
      yield slice;
    }
  }

  /** Each block, and how far the body has come whenever one has been taken. */
  async function* told(blocks: AsyncIterable<Uint8Array>, onSent: (position: number) => void) {
    let position = 0;
    for await (const block of blocks) {
      const since = performance.now();
      yield block;
      wrote(performance.now() - since);
      position += block.length;
      onSent(position);
    }
  }

  function bodyOf(parts: readonly Uint8Array[], length: number, watched: Pace, onSent: (position: number) => void) {
    if (length === 0) return null;
    if (bandwidth.isLimited('up')) return told(slices(parts, watched), onSent);
    return length <= joinBytes
      ? Buffer.concat(parts)
      : told(
          joined(parts, () => blockBytes),
          onSent,
        );
  }

  function send({ parts, contentType, range, onSent, ...rest }: BulkRequest, watched: Pace): Promise<RawAnswer> {
    const length = lengthOf(parts);
    watched.moved(length);
    const headers = {
      ...(contentType === null ? {} : { 'content-type': contentType, 'content-length': String(length) }),
      ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }),
    };
    return exchange(pool.current(), bandwidth, {
      ...rest,
      headers,
      body: bodyOf(parts, length, watched, onSent ?? ignored),
      watched,
    });
  }

  return {
    send: (request) => {
      const { signal, isLight = false } = request;
      const run = () => paced(origin, signal, patience, (watched) => send(request, watched));
      const way = wayOfMuch(request);
      return way === null ? run() : lanes[way].run(signal, isLight, run);
    },
    reconnect: pool.renew,
    close: pool.close,
  };
}

const ignored = (): void => undefined;

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Which way much goes. Whoever wants to see an answer come expects much. */
function wayOfMuch({ parts, onReceived }: BulkRequest): Direction | null {
  if (onReceived !== undefined) return 'down';
  return lengthOf(parts) > joinBytes ? 'up' : null;
}

/**
 * All of one length but the last one: each waits for its turn among all that use the line, and if small parts had turns of their own,
 * many of them beside a large one would hardly move. Copies, which nothing reads any more once they are yielded.
 */
function* slicesOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let left = lengthOf(parts);
  let slice = new Uint8Array(Math.min(sliceBytes, left));
  let filled = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const piece = part.subarray(at, at + slice.length - filled);
      slice.set(piece, filled);
      at += piece.length;
      filled += piece.length;
      if (filled < slice.length) continue;
      yield slice;
      left -= filled;
      slice = new Uint8Array(Math.min(sliceBytes, left));
      filled = 0;
    }
  }
}

/** Small neighbours as one block, large parts in slices: after each, a connection waits until it has nothing left to send. */
async function* joined(parts: readonly Uint8Array[], most: () => number): AsyncGenerator<Uint8Array> {
  let block: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (bytes + part.length > most() && block.length > 0) {
      yield Buffer.concat(block);
      block = [];
      bytes = 0;
    }
    if (part.length > most()) {
      for (let at = 0; at < part.length; ) {
        const slice = part.subarray(at, at + most());
        at += slice.length;
        yield slice;
      }
      continue;
    }
    block.push(part);
    bytes += part.length;
  }
  if (block.length > 0) yield Buffer.concat(block);
}
