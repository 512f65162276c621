import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ObjectId } from '../../../src/common/ids.ts';
import { createByteBudget } from '../../../src/server/byte-budget.ts';
import { createCounters } from '../../../src/server/counters.ts';
import type { Call, RawReply } from '../../../src/server/http/call.ts';
import { createObjectHandlers, type ObjectHandlerParts } from '../../../src/server/http/object-handlers.ts';
import type { Place } from '../../../src/server/metadata-store.ts';
import type { Objects } from '../../../src/server/objects.ts';
import { createSlabs } from '../../../src/server/slabs.ts';
import { parseFrames } from '../../../src/wire/frame.ts';

/** What was given back belongs to others at once, who write something else there. */
function handlersWith(objects: Partial<Objects>) {
  const slabs = createSlabs();
  const budget = createByteBudget(64 * 1024 * 1024);
  const lent = new Set<ArrayBufferLike>();
  let bytes = 0;
  const handlers = createObjectHandlers({
    objects: { reserve: async () => () => undefined, ...objects },
    slabs: {
      ...slabs,
      take: (length: number) => {
        const slab = slabs.take(length);
        lent.add(slab.buffer);
        return slab;
      },
      giveBack: (slab: Buffer) => {
        expect(lent.delete(slab.buffer)).toBe(true);
        Buffer.from(slab.buffer).fill(0xee);
      },
    },
    budget: {
      take: async (wanted: number, holder: string) => {
        const giveBack = await budget.take(wanted, holder);
        bytes += wanted;
        return () => {
          bytes -= wanted;
          giveBack();
        };
      },
    },
    turns: async () => undefined,
    counters: createCounters(),
  } as unknown as ObjectHandlerParts);
  const held = () => [lent.size, bytes];
  return { handlers, held };
}

const ids = ['01', '02', '03'].map((id) => id.repeat(16)) as [ObjectId, ObjectId, ObjectId];
const contents = new Map(ids.map((id, at) => [id, Buffer.alloc(100_000 + at, at + 1)]));

function call(more: { body?: unknown; raw?: Buffer }) {
  const done: (() => void)[] = [];
  const { raw = Buffer.alloc(0) } = more;
  const asked = {
    body: more.body,
    params: { vault: 'aa'.repeat(16), object: ids[0] },
    caller: { account: 'bb'.repeat(16), device: 'cc'.repeat(16) },
    raw: Object.assign(Readable.from([raw.subarray(0, 5), raw.subarray(5)]), {
      headers: { 'content-length': String(raw.length) },
    }) as unknown as IncomingMessage,
    range: undefined,
    onDone: (run: () => void) => void done.push(run),
  } as unknown as Call<'getObjects'> & Call<'getObject'> & Call<'putObject'>;
  const end = (): void => {
    for (const run of done) run();
  };
  return { asked, end };
}

/** As it reads from the disk: each into memory that is lent to it. */
const stored: Partial<Objects> = {
  find: async (_, __, asked) =>
    new Map(
      asked.flatMap((id): [ObjectId, Place][] => {
        const bytes = contents.get(id);
        return bytes === undefined ? [] : [[id, { file: 1, offset: 8, length: bytes.length, crc: crc32(bytes) }]];
      }),
    ),
  read: async (_, found, allocate = Buffer.alloc) =>
    new Map(
      [...found].map(([id, { length }]) => {
        const into = allocate(length);
        into.set(contents.get(id) ?? []);
        return [id, into];
      }),
    ),
};

it('an answer’s memory is its own until it has left, and nobody’s after', async () => {
  const { handlers, held } = handlersWith(stored);
  const one = call({});
  const { bytes } = (await handlers.getObject(one.asked)) as RawReply;
  expect(Buffer.compare(bytes, contents.get(ids[0]) ?? bytes.subarray(1))).toBe(0);
  expect(held()).toEqual([1, 100_000]);
  one.end();
  expect(held()).toEqual([0, 0]);

  const many = call({ body: { ids } });
  const answer = (await handlers.getObjects(many.asked)) as RawReply;
  expect(parseFrames(answer.bytes)?.map((each) => [each.id, Buffer.from(each.bytes)])).toEqual([...contents]);
  expect(held()).toEqual([1, answer.bytes.length]);
  many.end();
  expect(held()).toEqual([0, 0]);
});

it('one object alone is read to where it leaves from, and what the disk lost of it is no object', async () => {
  for (const isLost of [false, true]) {
    const { handlers, held } = handlersWith(isLost ? { ...stored, read: async () => new Map() } : stored);
    const alone = call({ body: { ids: [ids[1]] } });
    const answer = (await handlers.getObjects(alone.asked)) as RawReply;
    const there = isLost ? new Uint8Array() : contents.get(ids[1]);
    expect(parseFrames(answer.bytes)?.map((each) => [each.id, Buffer.from(each.bytes)])).toEqual([
      [ids[1], Buffer.from(there ?? [])],
    ]);
    expect(held()[0]).toBe(1);
    alone.end();
    expect(held()).toEqual([0, 0]);
  }
});

it('who asked may be gone while the disk still writes to the answer’s memory', async () => {
  for (const asked of [[ids[1]], ids]) {
    const reading = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { handlers, held } = handlersWith({
      ...stored,
      read: async (vault, found, allocate) => {
        const read = await stored.read?.(vault, found, allocate);
        begun.resolve();
        await reading.promise;
        return read ?? new Map();
      },
    });
    const gone = call({ body: { ids: asked } });
    const answered = handlers.getObjects(Object.assign(gone.asked, { onDone: (run: () => void) => run() }));
    await begun.promise;
    expect(held()[0]).toBeGreaterThan(0);
    reading.resolve();
    await answered;
    expect(held()).toEqual([0, 0]);
  }
});

it('a body’s memory is its own while it is stored, and nobody’s after; after a failure it is given to nobody', async () => {
  for (const fails of [false, true]) {
    const storing = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<Uint8Array>();
    const { handlers, held } = handlersWith({
      put: async (_, __, [frame]) => {
        begun.resolve(frame?.bytes ?? new Uint8Array());
        await storing.promise;
        if (fails) throw new Error('refused');
      },
    });
    const raw = Buffer.alloc(100_000, 7);
    const put = handlers.putObject(call({ raw: Buffer.from(raw) }).asked);
    const bytes = await begun.promise;
    expect(held()).toEqual([1, 100_000]);
    expect(Buffer.compare(bytes, raw)).toBe(0);
    storing.resolve();
    await put.catch(() => undefined);
    expect(held()).toEqual([fails ? 1 : 0, 0]);
  }
});
