import type { ObjectId } from '../common/ids.ts';
import { encodeFrameHeader, frameHeaderLength } from '../wire/frame.ts';
import { maxBatchObjects, maxExistsIds } from '../wire/limits.ts';
import { otherThanAsked } from './reply-failure.ts';
import type { SealedObject } from './storage-api.ts';
import { toldOnce } from './told-once.ts';
import type { Transfer } from './transfer.ts';

/** What one request carries: large enough to be worth its round trip, small enough to be repeated. */
const batchBytes = 4 * 1024 * 1024 + 64 * 1024;
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

async function putBatch(
  { calls, vault, signal, onMoved, isLight }: Transfer,
  batch: readonly SealedObject[],
): Promise<void> {
  const rest = { contentType: 'application/octet-stream', onSent: toldOnce(onMoved), isLight, signal };
  const [only, ...others] = batch;
  const answer =
    only !== undefined && others.length === 0
      ? await calls.tryBulkJson('putObject', { params: { vault, object: only.id }, parts: [only.bytes], ...rest })
      : await calls.tryBulkJson('putObjects', { params: { vault }, parts: framesOf(batch), ...rest });
  if (!answer.ok) throw answer.error;
}

/** Stores them all, a few requests side by side; the first failure ends it. No request is left behind when it settles. */
export async function putObjects(transfer: Transfer, objects: readonly SealedObject[]): Promise<void> {
  const stop = new AbortController();
  const either = { ...transfer, signal: AbortSignal.any([transfer.signal, stop.signal]) };
  const batches = batchesOf(objects);
  const work = async (): Promise<void> => {
    for (let next = batches.next(); next.done !== true; next = batches.next()) await putBatch(either, next.value);
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, () => work().catch((error: unknown) => stop.abort(error))));
  transfer.signal.throwIfAborted();
  stop.signal.throwIfAborted();
}

export async function heldObjects(
  { calls, vault, signal }: Transfer,
  ids: readonly ObjectId[],
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
