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
        .run(never, false, () => {
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
  const cut = lanes.run(never, false, async () => {
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
  await lanes.run(never, false, quick);
  await lanes.run(never, false, quick);
  await lanes.run(never, false, quick);
  await Promise.all(Array.from({ length: 9 }, () => lanes.run(never, false, quick)));
  expect(most).toBe(4);
});

it('has few on a line of which nothing is known yet, and two on one on which they take long', async () => {
  const { mostAtOnce } = await bodiesOver(12, 9, { alone: 2000, cutEvery: Number.POSITIVE_INFINITY });
  expect(mostAtOnce).toBe(3);
  const lanes = createLanes(12);
  const bodies = Array.from({ length: 3 }, () => Promise.withResolvers<RawAnswer>());
  const running = bodies.map(({ promise }) => lanes.run(never, false, () => promise));
  await vi.advanceTimersByTimeAsync(3100);
  for (const { resolve } of bodies) resolve(answer);
  await Promise.all(running);
  let atOnce = 0;
  for (let each = 0; each < 5; each++) {
    void lanes.run(never, false, () => {
      atOnce++;
      return new Promise(() => undefined);
    });
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(atOnce).toBe(2);
});

it('lets what is light in beside what is not, and before what waits', async () => {
  const lanes = createLanes(2);
  const entered: string[] = [];
  const ends = new Map<string, () => void>();
  const body = (name: string, isLight: boolean): Promise<RawAnswer> =>
    lanes.run(never, isLight, () => {
      entered.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(answer)));
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await vi.advanceTimersByTimeAsync(2000);
  };
  for (const name of ['film', 'picture', 'other picture']) void body(name, false);
  for (const name of ['note', 'other note']) void body(name, true);
  await vi.advanceTimersByTimeAsync(2000);
  expect(entered).toEqual(['film', 'picture', 'note']);
  await end('film');
  expect(entered.slice(3)).toEqual(['other note']);
  await end('note');
  expect(entered.slice(4)).toEqual([]);
  await end('picture');
  expect(entered.slice(4)).toEqual(['other picture']);
});

it('lets go who waits and is told not to, and no place is lost by it', async () => {
  const lanes = createLanes(1);
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const first = lanes.run(never, false, () => promise);
  const stop = new AbortController();
  const second = lanes.run(stop.signal, false, async () => answer);
  stop.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  resolve(answer);
  await first;
  expect(await lanes.run(never, false, async () => answer)).toBe(answer);
});
