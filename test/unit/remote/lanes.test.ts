import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RawAnswer } from '../../../src/remote/exchange.ts';
import { createLanes } from '../../../src/remote/lanes.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const answer: RawAnswer = { status: 200, body: new Uint8Array() };

/** A thin line on which each body alone takes `alone` ms, and which is cut every `cutEvery` ms: all that is on it begins anew. */
async function bodiesOver(most: number, bodies: number, { alone = 8000, cutEvery = 20_000, step = 100 } = {}) {
  const lanes = createLanes(most);
  const onLine = new Set<{ left: number; end: (error: Error | null) => void }>();
  let tries = 0;
  let done = 0;
  let mostAtOnce = 0;
  const send = async (): Promise<void> => {
    for (;;) {
      const ended = await lanes
        .run(never, () => {
          tries++;
          return new Promise<RawAnswer>((resolve, reject) => {
            const body = {
              left: alone,
              end: (error: Error | null) => (error === null ? resolve(answer) : reject(error)),
            };
            onLine.add(body);
          });
        })
        .catch(() => null);
      if (ended !== null) return void done++;
    }
  };
  for (let each = 0; each < bodies; each++) void send();
  for (let time = step; done < bodies && time < 3_600_000; time += step) {
    await vi.advanceTimersByTimeAsync(step);
    mostAtOnce = Math.max(mostAtOnce, onLine.size);
    const share = step / onLine.size;
    for (const body of onLine) {
      body.left -= share;
      const isCut = time % cutEvery === 0;
      if (body.left > 0 && !isCut) continue;
      onLine.delete(body);
      body.end(body.left > 0 ? new Error('cut') : null);
    }
  }
  return { done, tries, mostAtOnce };
}

it('gets everything through a line that is cut before all that is on it could have gone', async () => {
  const { done, tries } = await bodiesOver(12, 20);
  expect(done).toBe(20);
  // Two get through between two cuts, and a third one is cut short.
  expect(tries).toBeLessThan(12 + 2 * 20);
});

it('fills a line that is quick', async () => {
  const { mostAtOnce, tries } = await bodiesOver(12, 50, { alone: 50, step: 10 });
  expect({ mostAtOnce, tries }).toEqual({ mostAtOnce: 12, tries: 50 });
});

it('has many on a line that was cut once and is quick again', async () => {
  const lanes = createLanes(4);
  const cut = lanes.run(never, async () => {
    await vi.advanceTimersByTimeAsync(5000);
    throw new Error('cut');
  });
  await expect(cut).rejects.toThrow('cut');
  let atOnce = 0;
  let most = 0;
  const quick = async (): Promise<RawAnswer> => {
    most = Math.max(most, ++atOnce);
    await Promise.resolve();
    atOnce--;
    return answer;
  };
  await lanes.run(never, quick);
  await lanes.run(never, quick);
  await lanes.run(never, quick);
  await Promise.all(Array.from({ length: 9 }, () => lanes.run(never, quick)));
  expect(most).toBe(4);
});

it('lets go who waits and is told not to, and no place is lost by it', async () => {
  const lanes = createLanes(1);
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const first = lanes.run(never, () => promise);
  const stop = new AbortController();
  const second = lanes.run(stop.signal, async () => answer);
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  resolve(answer);
  await first;
  expect(await lanes.run(never, async () => answer)).toBe(answer);
});
