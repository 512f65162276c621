import { expect, test } from 'vitest';
import { partOf, semaphore } from '../../../src/engine/transfer/semaphore.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const large = 1024 ** 3;

test('what is not light leaves the reserve free, and the lightest goes first', async () => {
  for (const make of [() => semaphore(10, 2), () => partOf(semaphore(20, 2), 10, 2)]) {
    const held = make();
    const order: string[] = [];
    const acquire = (name: string, amount: number, weight: number): Promise<() => void> =>
      held.acquire(amount, weight).then((release) => {
        order.push(name);
        return release;
      });
    const first = await acquire('film', 8, large);
    void acquire('second film', 4, large);
    void acquire('note', 2, 0);
    void acquire('picture', 3, 5e6);
    void acquire('second note', 1, 0);
    await turn();
    expect(order).toEqual(['film', 'note']);
    first();
    await turn();
    expect(order).toEqual(['film', 'note', 'second note', 'picture']);
  }
});

test('what is larger than all there is waits for all of it, but for the reserve', async () => {
  const held = semaphore(10, 2);
  const release = await held.acquire(100, large);
  expect(held.used).toBe(8);
  release();
  release();
  expect(held.used).toBe(0);
  await held.acquire(100);
  expect(held.used).toBe(10);
});
