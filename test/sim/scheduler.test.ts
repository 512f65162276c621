import { expect, test } from 'vitest';
import { life } from './life.ts';
import { dice } from './random.ts';
import { Stuck, scheduler } from './scheduler.ts';

const world = (seed = 1) => scheduler(dice(seed, 'order'));
const plenty = { until: 1e9, maxEvents: 1000 };

test('events run in the order of their times, and what they made ready runs before the next one', async () => {
  const time = world();
  const seen: string[] = [];
  time.after(20, () => seen.push('late'));
  time.after(10, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => seen.push('drained'));
    seen.push('early');
  });
  await time.run(() => seen.length === 3, plenty);
  expect(seen).toEqual(['early', 'drained', 'late']);
  expect(time.now).toBe(20);
});

test('the seed decides what comes first at one time, and nothing else does', async () => {
  const order = async (seed: number): Promise<string> => {
    const time = world(seed);
    let seen = '';
    for (const name of 'abcdefgh') {
      time.after(5, () => {
        seen += name;
      });
    }
    await time.run(() => seen.length === 8, plenty);
    return seen;
  };
  expect(await order(1)).toBe(await order(1));
  expect(await order(1)).not.toBe(await order(2));
});

test('says when nothing can happen any more, when it never ends, and when it takes too long', async () => {
  const idle = world();
  await expect(idle.run(() => false, plenty)).rejects.toMatchObject({ why: 'deadlock' });
  const busy = world();
  const again = (): void => void busy.after(0, again);
  again();
  await expect(busy.run(() => false, plenty)).rejects.toMatchObject({ why: 'livelock' });
  const slow = world();
  slow.after(100, () => undefined);
  await expect(slow.run(() => false, { ...plenty, until: 50 })).rejects.toBeInstanceOf(Stuck);
  expect(slow.now).toBe(50);
});

test('an event that was taken back does not happen', async () => {
  const time = world();
  let count = 0;
  time.after(1, () => count++)();
  time.after(2, () => count++);
  await time.pass(10, 10);
  expect(count).toBe(1);
});

test('of a process that ended nothing is heard, and nothing that it began has an effect', async () => {
  const time = world();
  const own = life(time);
  const seen: string[] = [];
  const clock = own.clock(() => 0);
  void own.call(5, () => seen.push('effect')).then(() => seen.push('heard'));
  void own.call(20, () => seen.push('too late'));
  void clock.sleep(20).then(() => seen.push('woke'));
  await time.pass(10, 10);
  own.end();
  await time.pass(100, 10);
  expect(seen).toEqual(['effect', 'heard']);
});

test('a process that dies at a call leaves its effect and does not hear of it', async () => {
  const time = world();
  const own = life(time);
  const seen: string[] = [];
  own.endAfter(2, () => seen.push('died'));
  for (const name of ['one', 'two', 'three']) {
    void own.call(seen.length, () => seen.push(name)).then(() => seen.push('heard'));
  }
  await time.pass(100, 100);
  expect(seen.filter((each) => each === 'heard')).toHaveLength(1);
  expect(seen).toHaveLength(4);
  expect(seen.at(-1)).toBe('died');
});
