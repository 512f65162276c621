import { isKind } from '../common/errors.ts';
import type { ObjectId, VaultId } from '../common/ids.ts';
import { toBase64url } from '../wire/base64url.ts';
import { joinIds } from '../wire/field.ts';
import { decodeFrameHeader, encodeFrameHeader, frameHeaderLength, parseFrames, wholeFrames } from '../wire/frame.ts';
import { maxBatchBytes, maxBatchObjects, maxExistsIds, maxObjectBytes } from '../wire/limits.ts';
import { type BulkInput, type Calls, otherThanAsked } from './calls.ts';
import { malformedReply } from './reply-failure.ts';
import type { FetchedObject, SealedObject } from './storage-api.ts';
import { toldOnce } from './told-once.ts';

/** What one request carries: large enough to be worth its round trip, small enough to be repeated. */
const batchBytes = 4 * 1024 * 1024 + 64 * 1024;
/** What less has come of is fetched anew, after a pause: a server that gives a byte each time must not be asked without end. */
const leastPart = 4096;
/** Batches of one call that are under way at a time. */
const batchesAtOnce = 3;

export function* batchesOf(objects: readonly SealedObject[]): Generator<SealedObject[]> {
  let batch: SealedObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    const length = frameHeaderLength + object.bytes.length;
    if (batch.length > 0 && (bytes + length > batchBytes || batch.length >= maxBatchObjects)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(object);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

export const framesOf = (objects: readonly SealedObject[]): Uint8Array[] =>
  objects.flatMap(({ id, bytes }) => [encodeFrameHeader(id, bytes.length), bytes]);

type OnMoved = (bytes: number) => void;

const octets = 'application/octet-stream';

async function putBatch(
  calls: Calls,
  vault: VaultId,
  batch: readonly SealedObject[],
  signal: AbortSignal,
  onMoved: OnMoved,
): Promise<void> {
  const onSent = toldOnce(onMoved);
  const [only] = batch;
  const answer =
    batch.length === 1 && only !== undefined
      ? await calls.tryBulkJson('putObject', {
          params: { vault, object: only.id },
          parts: [only.bytes],
          contentType: octets,
          onSent,
          signal,
        })
      : await calls.tryBulkJson('putObjects', {
          params: { vault },
          parts: framesOf(batch),
          contentType: octets,
          onSent,
          signal,
        });
  if (!answer.ok) throw answer.error;
}

/** Stores them all, a few requests side by side; the first failure ends it. */
export async function putObjects(
  calls: Calls,
  vault: VaultId,
  objects: readonly SealedObject[],
  signal: AbortSignal,
  onMoved: OnMoved = () => undefined,
): Promise<void> {
  const batches = batchesOf(objects);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const work = async (): Promise<void> => {
    for (;;) {
      const next = batches.next();
      if (next.done) return;
      await putBatch(calls, vault, next.value, either, onMoved);
    }
  };
  const workers = Array.from({ length: batchesAtOnce }, () =>
    work().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  );
  // No request is left behind when this settles.
  const settled = await Promise.allSettled(workers);
  if (signal.aborted) throw signal.reason;
  if (stop.signal.aborted) throw stop.signal.reason;
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** One body of objects: a beginning of `ids`, in order. */
async function getPage(
  calls: Calls,
  vault: VaultId,
  ids: readonly ObjectId[],
  signal: AbortSignal,
  areWindows: boolean,
  onMoved: OnMoved,
): Promise<FetchedObject[]> {
  const asked = ids.slice(0, maxBatchObjects);
  const onReceived = toldOnce(onMoved);
  let isCut = false;
  const body = await calls.bulk('getObjects', {
    params: { vault },
    parts: [new TextEncoder().encode(JSON.stringify({ ids: toBase64url(joinIds(asked)) }))],
    contentType: 'application/json',
    most: maxBatchBytes + maxObjectBytes,
    onReceived,
    // The rest is asked for next, as that of an answer which holds no more.
    usable: (received) => {
      isCut = received.length >= leastPart;
      return wholeFrames(received) ?? (isCut ? received : null);
    },
    signal,
  });
  const frames = parseFrames(body);
  if (frames === null && isCut) return [await restOf(calls, vault, asked, body, signal, onReceived)];
  if (frames === null) throw malformedReply();
  if (frames.length === 0 || frames.length > asked.length) throw otherThanAsked();
  return frames.map(({ id, bytes }, at) => {
    if (id !== asked[at]) throw otherThanAsked();
    if (bytes.length > maxObjectBytes) throw malformedReply();
    if (bytes.length === 0) return { id, bytes: null };
    // A window on the body would keep all of it alive for the sake of a small object.
    return { id, bytes: areWindows || bytes.length * 2 > body.length ? bytes : bytes.slice() };
  });
}

/** The first of those asked for, of which an answer held no more than `received`: a thin line may never carry it in one piece. */
async function restOf(
  calls: Calls,
  vault: VaultId,
  [asked]: readonly ObjectId[],
  received: Uint8Array,
  signal: AbortSignal,
  onReceived: (position: number) => void,
): Promise<FetchedObject> {
  const { id, length } = decodeFrameHeader(received);
  if (id !== asked) throw otherThanAsked();
  if (length > maxObjectBytes) throw malformedReply();
  const bytes = new Uint8Array(length);
  const put = (part: Uint8Array, at: number): number => {
    bytes.set(part, at);
    return at + part.length;
  };
  for (let at = put(received.subarray(frameHeaderLength), 0); at < length; ) {
    const start = at;
    const call = {
      range: { start, end: length },
      usable: (part: Uint8Array) => (part.length >= leastPart ? part : null),
      onReceived: (position: number) => onReceived(frameHeaderLength + start + position),
    };
    try {
      const part = await getPart(calls, vault, id, call, signal);
      if (part.length === 0) throw otherThanAsked();
      at = put(part, at);
    } catch (error) {
      // Of this one alone: the others may be there.
      if (isKind(error, 'missing') && error.reason === 'object') return { id, bytes: null };
      throw error;
    }
  }
  return { id, bytes };
}

export async function* getObjects(
  calls: Calls,
  vault: VaultId,
  ids: readonly ObjectId[],
  signal: AbortSignal,
  areWindows: boolean,
  onMoved: OnMoved = () => undefined,
): AsyncGenerator<FetchedObject> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const fetchFrom = (at: number): Promise<FetchedObject[]> | null => {
    if (at >= ids.length) return null;
    const page = getPage(calls, vault, ids.slice(at, at + maxBatchObjects), either, areWindows, onMoved);
    // It may fail while the page before is consumed; whoever awaits it hears of it.
    page.catch(() => undefined);
    return page;
  };
  try {
    let at = 0;
    let ahead = fetchFrom(0);
    while (ahead !== null) {
      const page: FetchedObject[] = await ahead;
      at += page.length;
      ahead = fetchFrom(at);
      yield* page;
    }
  } finally {
    stop.abort();
  }
}

export const getObject = (
  calls: Calls,
  vault: VaultId,
  id: ObjectId,
  range: { readonly start: number; readonly end: number } | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> => getPart(calls, vault, id, range === undefined ? {} : { range }, signal);

async function getPart(
  calls: Calls,
  vault: VaultId,
  id: ObjectId,
  call: Pick<BulkInput, 'range' | 'usable' | 'onReceived'>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { range } = call;
  const bytes = await calls.bulk('getObject', {
    params: { vault, object: id },
    parts: [],
    contentType: null,
    most: maxObjectBytes,
    ...call,
    signal,
  });
  if (range !== undefined && bytes.length > range.end - range.start) throw otherThanAsked();
  return bytes;
}

export async function heldObjects(
  calls: Calls,
  vault: VaultId,
  ids: readonly ObjectId[],
  signal: AbortSignal,
): Promise<Set<ObjectId>> {
  const held = new Set<ObjectId>();
  for (let at = 0; at < ids.length; at += maxExistsIds) {
    const asked = ids.slice(at, at + maxExistsIds);
    const reply = await calls.json('exists', { params: { vault }, body: { ids: asked }, signal });
    const known = new Set(asked);
    for (const id of reply.held) {
      if (!known.has(id)) throw otherThanAsked();
      held.add(id);
    }
  }
  return held;
}
