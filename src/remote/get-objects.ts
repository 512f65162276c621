import { isKind } from '../common/errors.ts';
import type { ObjectId } from '../common/ids.ts';
import { toBase64url } from '../wire/base64url.ts';
import { joinIds } from '../wire/field.ts';
import { decodeFrameHeader, frameHeaderLength, parseFrames, wholeFrames } from '../wire/frame.ts';
import { maxBatchBytes, maxBatchObjects, maxObjectBytes } from '../wire/limits.ts';
import type { BulkInput } from './calls.ts';
import { malformedReply, otherThanAsked } from './reply-failure.ts';
import type { FetchedObject } from './storage-api.ts';
import { toldOnce } from './told-once.ts';
import type { Transfer } from './transfer.ts';

/** With less than this an object is fetched anew, after a pause: a server that gives a byte each time must not be asked for ever. */
const leastPart = 4096;

/** One body of objects: a beginning of `ids`, in order. */
async function getPage(transfer: Transfer, ids: readonly ObjectId[], areWindows: boolean): Promise<FetchedObject[]> {
  const { calls, vault, isLight, signal } = transfer;
  const asked = ids.slice(0, maxBatchObjects);
  const onReceived = toldOnce(transfer.onMoved);
  let isCut = false;
  const body = await calls.bulk('getObjects', {
    params: { vault },
    parts: [new TextEncoder().encode(JSON.stringify({ ids: toBase64url(joinIds(asked)) }))],
    contentType: 'application/json',
    most: maxBatchBytes + maxObjectBytes,
    onReceived,
    // The rest is asked for next, as after an answer that holds no more.
    usable: (received) => {
      isCut = received.length >= leastPart;
      return wholeFrames(received) ?? (isCut ? received : null);
    },
    isLight,
    signal,
  });
  const frames = parseFrames(body);
  if (frames === null && isCut) return [await restOf(transfer, asked, body, onReceived)];
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
  transfer: Transfer,
  [asked]: readonly ObjectId[],
  received: Uint8Array,
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
      const part = await getPart(transfer, id, call);
      if (part.length === 0) throw otherThanAsked();
      at = put(part, at);
    } catch (error) {
      // Only this one is missing: the others may be there.
      if (isKind(error, 'missing') && error.reason === 'object') return { id, bytes: null };
      throw error;
    }
  }
  return { id, bytes };
}

export async function* getObjects(
  transfer: Transfer,
  ids: readonly ObjectId[],
  areWindows: boolean,
): AsyncGenerator<FetchedObject> {
  const stop = new AbortController();
  const either = { ...transfer, signal: AbortSignal.any([transfer.signal, stop.signal]) };
  const fetchFrom = (at: number): Promise<FetchedObject[]> | null => {
    if (at >= ids.length) return null;
    const page = getPage(either, ids.slice(at, at + maxBatchObjects), areWindows);
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

export const getObject = (transfer: Transfer, id: ObjectId, range: BulkInput['range']): Promise<Uint8Array> =>
  getPart(transfer, id, range === undefined ? {} : { range });

async function getPart(
  { calls, vault, isLight, signal }: Transfer,
  id: ObjectId,
  call: Pick<BulkInput, 'range' | 'usable' | 'onReceived'>,
): Promise<Uint8Array> {
  const { range } = call;
  const bytes = await calls.bulk('getObject', {
    params: { vault, object: id },
    parts: [],
    contentType: null,
    most: maxObjectBytes,
    ...call,
    isLight,
    signal,
  });
  if (range !== undefined && bytes.length > range.end - range.start) throw otherThanAsked();
  return bytes;
}
