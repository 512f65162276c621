import type { ObjectId, VaultId } from '../../common/ids.ts';
import { encodeFrameHeader, entryFrameId, type Frame, frameHeaderLength, parseFrames } from '../../wire/frame.ts';
import { maxAppendBytes, maxBatchObjects, maxEntryJsonBytes } from '../../wire/limits.ts';
import { routes } from '../../wire/route.ts';
import { appendEntry } from '../../wire/schema.ts';
import { createAppendEntry } from '../append-entry.ts';
import type { ByteBudget } from '../byte-budget.ts';
import type { Counters } from '../counters.ts';
import { failure } from '../failure.ts';
import type { MetadataStore, Place } from '../metadata-store.ts';
import type { Objects } from '../objects.ts';
import { pageOf } from '../page-of-objects.ts';
import type { Slabs } from '../slabs.ts';
import type { Turns } from '../turns.ts';
import type { Appended, Grace, Vaults } from '../vaults.ts';
import { type Call, type Handlers, objectOf, type RawReply, vaultOf } from './call.ts';
import { callerOf, conflictAnswer, deviceOf } from './caller.ts';
import { bodyLength, readBody } from './read-body.ts';

export interface ObjectHandlerParts {
  readonly objects: Objects;
  readonly vaults: Vaults;
  readonly metadata: MetadataStore;
  readonly budget: ByteBudget;
  readonly turns: Turns;
  readonly slabs: Slabs;
  readonly counters: Counters;
  readonly grace: Grace;
  readonly quota: number | null;
  readonly now: () => number;
}

interface Lent {
  readonly objects: ReadonlyMap<ObjectId, Uint8Array>;
  giveBack(): void;
}

/** In the place of what is not held. */
const none = new Uint8Array();

type ObjectRoutes = 'putObjects' | 'putObject' | 'getObjects' | 'getObject' | 'exists' | 'appendLog';

export function createObjectHandlers(parts: ObjectHandlerParts): Pick<Handlers, ObjectRoutes> {
  const { objects, budget, turns, slabs, counters } = parts;
  const append = createAppendEntry(parts);

  /** Reads a body within the budget of memory, and holds its part of that until `use` is done. */
  async function withBody<T>(
    call: Pick<Call<'putObjects'>, 'raw' | 'caller'>,
    most: number,
    use: (body: Uint8Array) => Promise<T>,
  ): Promise<T> {
    const length = bodyLength(call.raw, most);
    const { account } = callerOf(call);
    const giveBack = await budget.take(length, account);
    try {
      const body = slabs.take(length);
      await readBody(call.raw, body);
      counters.add('bytes_in', length);
      await turns(account);
      const result = await use(body);
      // After a failure it is not known who may still be reading it.
      slabs.giveBack(body);
      return result;
    } finally {
      giveBack();
    }
  }

  /** What is read, and the buffers it was read into; who was lent them gives them back. */
  async function readLent(vault: VaultId, found: ReadonlyMap<ObjectId, Place>): Promise<Lent> {
    const lent: Buffer[] = [];
    const read = await objects.read(vault, found, (length) => {
      const slab = slabs.take(length);
      lent.push(slab);
      return slab;
    });
    return { objects: read, giveBack: () => lent.forEach(slabs.giveBack) };
  }

  return {
    putObjects: async (call) => {
      const { account } = deviceOf(call);
      const { maxBytes } = routes.putObjects.request;
      const giveBack = await objects.reserve(account, bodyLength(call.raw, maxBytes));
      try {
        return await withBody(call, maxBytes, async (body) => {
          const frames = framesOf(body);
          await objects.put(account, vaultOf(call), frames);
          counters.add('objects_in', frames.length);
          return { stored: frames.length };
        });
      } finally {
        giveBack();
      }
    },
    putObject: async (call) => {
      const { account } = deviceOf(call);
      const { maxBytes } = routes.putObject.request;
      const giveBack = await objects.reserve(account, bodyLength(call.raw, maxBytes));
      try {
        return await withBody(call, maxBytes, async (bytes) => {
          await objects.put(account, vaultOf(call), [{ id: objectOf(call), bytes }]);
          counters.add('objects_in');
          return { stored: 1 };
        });
      } finally {
        giveBack();
      }
    },
    getObjects: async (call) => {
      const { account } = deviceOf(call);
      const vault = vaultOf(call);
      const { ids } = call.body;
      const { page, held, bytes } = pageOf(ids, await objects.find(account, vault, ids));
      call.onDone(await budget.take(bytes, account));
      const body = slabs.take(bytes);
      // One alone, mostly a large one, is read to where it leaves from.
      const isAlone = page.length === 1;
      const lent = isAlone
        ? {
            objects: await objects.read(vault, held, () => body.subarray(frameHeaderLength)),
            giveBack: () => undefined,
          }
        : await readLent(vault, held);
      // Not before: who asked may be gone while the disk still writes to it.
      call.onDone(() => slabs.giveBack(body));
      let at = 0;
      for (const id of page) {
        const object = lent.objects.get(id) ?? none;
        body.set(encodeFrameHeader(id, object.length), at);
        if (!isAlone) body.set(object, at + frameHeaderLength);
        at += frameHeaderLength + object.length;
      }
      lent.giveBack();
      counters.add('objects_out', page.length);
      return octets(200, body.subarray(0, at));
    },
    getObject: async (call) => {
      const { account } = deviceOf(call);
      const vault = vaultOf(call);
      const id = objectOf(call);
      const found = await objects.find(account, vault, [id]);
      call.onDone(await budget.take(found.get(id)?.length ?? 0, account));
      const lent = await readLent(vault, found);
      call.onDone(lent.giveBack);
      const object = lent.objects.get(id);
      if (object === undefined) {
        throw failure('missing', 'object', 'The server does not hold this object.');
      }
      counters.add('objects_out');
      if (call.range === undefined) return octets(200, object, { 'accept-ranges': 'bytes' });
      const range = parseRange(call.range, object.length);
      return octets(206, object.subarray(range.start, range.end), {
        'content-range': `bytes ${range.start}-${range.end - 1}/${object.length}`,
      });
    },
    exists: async (call) => {
      const { account } = deviceOf(call);
      const found = await objects.find(account, vaultOf(call), call.body.ids);
      return { held: call.body.ids.filter((id) => found.has(id)) };
    },
    appendLog: async (call) => {
      const author = deviceOf(call);
      const vault = vaultOf(call);
      const result = await withBody(call, routes.appendLog.request.maxBytes, async (body) => {
        const { objects: frames, ...appended } = parseAppend(body);
        const outcome = await append(author, vault, appended, frames);
        counters.add('objects_in', frames.length);
        return outcome;
      });
      if (result.status === 'done') {
        counters.add('appends');
        return { head: result.head };
      }
      counters.add('conflicts');
      return conflictAnswer(result);
    },
  };

  function octets(status: number, bytes: Uint8Array, headers: Record<string, string> = {}): RawReply {
    counters.add('bytes_out', bytes.length);
    return { status, headers: { 'content-type': 'application/octet-stream', ...headers }, bytes };
  }
}

function framesOf(body: Uint8Array): Frame[] {
  const frames = parseFrames(body);
  if (frames === null || frames.length === 0) throw failure('usage', 'frames', 'The body is not made of whole frames.');
  if (frames.length > maxBatchObjects) {
    throw failure('limit', 'count', `A body holds ${maxBatchObjects} objects at most.`);
  }
  return frames;
}

function parseAppend(body: Uint8Array): Appended & { objects: Frame[] } {
  const frames = parseFrames(body);
  const first = frames?.shift();
  if (frames === null || first?.id !== entryFrameId) {
    throw failure('usage', 'frames', 'The first frame of an append holds the entry.');
  }
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
  if (first.bytes.length > maxEntryJsonBytes || bytes > maxAppendBytes || frames.length > maxBatchObjects) {
    throw failure('limit', 'too-large', 'The entry or the objects with it are too large; put the objects first.');
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(first.bytes));
  } catch {
    throw failure('usage', 'request', 'The entry is not JSON.');
  }
  return { ...appendEntry.parse(json), objects: frames };
}

/** One range of `bytes=START-END`, end inclusive as in RFC 9110; end exclusive in the result. */
function parseRange(text: string, length: number): { start: number; end: number } {
  const match = /^bytes=(\d{1,10})-(\d{0,10})$/.exec(text);
  const start = Number(match?.[1] ?? Number.NaN);
  const last = match?.[2] === '' ? length - 1 : Number(match?.[2] ?? Number.NaN);
  if (!(start < length && last >= start)) throw failure('usage', 'range', 'The range is not within the object.');
  return { start, end: Math.min(last + 1, length) };
}
