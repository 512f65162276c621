import { expect, test } from 'vitest';
import { partOf, semaphore } from '../../../src/engine/transfer/semaphore.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('large things leave the reserve free, and let go before them what is not', async () => {
  for (const make of [() => semaphore(10, 2), () => partOf(semaphore(20, 2), 10, 2)]) {
    const held = make();
    const order: string[] = [];
    const acquire = (name: string, amount: number, isLarge = false): Promise<() => void> =>
      held.acquire(amount, isLarge).then((release) => {
        order.push(name);
        return release;
      });
    const first = await acquire('large', 8, true);
    void acquire('second large', 4, true);
    void acquire('small', 2);
    void acquire('third small', 3);
    await turn();
    expect(order).toEqual(['large', 'small']);
    first();
    await turn();
    expect(order).toEqual(['large', 'small', 'third small']);
  }
});

test('what is larger than all there is waits for all of it, but for the reserve', async () => {
  const held = semaphore(10, 2);
  const release = await held.acquire(100, true);
  expect(held.used).toBe(8);
  release();
  release();
  expect(held.used).toBe(0);
  await held.acquire(100);
  expect(held.used).toBe(10);
});
