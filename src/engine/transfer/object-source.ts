import type { Clock } from '../../common/clock.ts';
import { HoldfastError, must } from '../../common/errors.ts';
import type { ObjectId, VaultId } from '../../common/ids.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import { type BatcherLimits, batcher } from './batcher.ts';

/** Told of bytes as they come, about: those of others in the same answer may be among them. */
type OnMoved = (bytes: number) => void;

/** Fetches sealed objects, many small ones in a request. What comes is not checked here. */
export interface ObjectSource {
  /**
   * `size`: of the sealed bytes, for batching. They are the caller's alone. `weight`: see `Batcher`.
   * Rejects with `missing` if the server does not hold it.
   */
  fetch(id: ObjectId, size: number, onMoved?: OnMoved, weight?: number): Promise<Uint8Array>;
}

/** Fetches small objects that are wanted together. What comes is not checked here, and shares memory. */
export interface BatchSource {
  /** Those of them that the server holds. */
  fetchAll(ids: readonly ObjectId[], onMoved?: OnMoved): Promise<ReadonlyMap<ObjectId, Uint8Array>>;
}

export interface ObjectSourceOptions extends BatcherLimits {
  readonly storage: Pick<StorageApi, 'getObjects'>;
  readonly vault: VaultId;
  /** Asked for each request. */
  readonly signal: () => AbortSignal;
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
}

interface Wanted {
  readonly id: ObjectId;
  readonly size: number;
  readonly onMoved: OnMoved;
  readonly done: (bytes: Uint8Array) => void;
  readonly fail: (error: unknown) => void;
}

export function objectSource(options: ObjectSourceOptions): ObjectSource & BatchSource {
  const { storage, vault, signal } = options;
  const receive = async (batch: readonly Wanted[], isLight: boolean): Promise<void> => {
    const open = Map.groupBy(batch, ({ id }) => id);
    const onMoved = sharedOut([...open.values()].map(([first]) => must(first)));
    try {
      const call = { signal: signal(), onMoved, isLight };
      for await (const { id, bytes } of storage.getObjects(vault, [...open.keys()], call)) {
        const wanted = open.get(id) ?? [];
        open.delete(id);
        for (const [at, { done, fail }] of wanted.entries()) {
          if (bytes === null) fail(new HoldfastError('missing', 'the server does not hold a part of this file'));
          // Whoever opens it may give its memory away.
          else done(at < wanted.length - 1 ? bytes.slice() : bytes);
        }
      }
      throw new HoldfastError('missing', 'the server left out a part of this file');
    } catch (error) {
      for (const wanted of open.values()) for (const { fail } of wanted) fail(error);
    }
  };

  const requests = batcher<Wanted>({ ...options, sizeOf: ({ size }) => size, send: receive });

  return {
    fetch: (id, size, onMoved = () => undefined, weight = 0) =>
      new Promise((done, fail) => requests.add({ id, size, onMoved, done, fail }, weight)),
    fetchAll: async (ids, onMoved) => {
      const held = new Map<ObjectId, Uint8Array>();
      const call = { signal: signal(), areWindows: true, isLight: true, ...(onMoved === undefined ? {} : { onMoved }) };
      for await (const { id, bytes } of storage.getObjects(vault, [...new Set(ids)], call)) {
        if (bytes !== null) held.set(id, bytes);
      }
      return held;
    },
  };
}

/** What comes in one answer comes in the order asked for. */
function sharedOut(wanted: readonly Pick<Wanted, 'onMoved' | 'size'>[]): OnMoved {
  let at = 0;
  let left = wanted[0]?.size ?? 0;
  return (bytes) => {
    for (let rest = bytes; rest > 0 && at < wanted.length; ) {
      const part = Math.min(rest, left);
      wanted[at]?.onMoved(part);
      rest -= part;
      left -= part;
      if (left === 0) left = wanted[++at]?.size ?? 0;
    }
  };
}
