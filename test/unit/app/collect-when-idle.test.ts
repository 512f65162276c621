import { describe, expect, it } from 'vitest';
import { collector, collectWhenIdle } from '../../../src/app/collect-when-idle.ts';

/** A process whose work between two looks is made up, right after its start. */
function started() {
  const seen = { collected: 0, isWatched: true };
  let time = 0;
  let look = (): void => undefined;
  const end = collectWhenIdle({
    cpuTime: () => time,
    collect: () => {
      seen.collected++;
      time += 400;
    },
    every: (_milliseconds, act) => {
      look = act;
      return () => {
        seen.isWatched = false;
      };
    },
  });
  const work = (milliseconds: number): void => {
    time += milliseconds;
    look();
  };
  return { seen, work, end };
}

/** When what its start left is gone. */
function madeUp() {
  const program = started();
  for (let look = 0; look < 8; look++) program.work(5);
  program.seen.collected = 0;
  return program;
}

describe('a program that has nothing to do any more', () => {
  it('frees what its start left, once that is over', () => {
    const { seen, work } = started();
    work(300);
    expect(seen.collected).toBe(0);
    for (let look = 0; look < 20; look++) work(5);
    expect(seen.collected).toBe(8);
  });

  it('frees what its work left when the work is over, a few times, and no more', () => {
    const { seen, work } = madeUp();
    work(4000);
    work(4000);
    expect(seen.collected).toBe(0);
    work(5);
    expect(seen.collected).toBe(1);
    for (let look = 0; look < 20; look++) work(5);
    expect(seen.collected).toBe(8);
  });

  it('waits with the rest while there is more to do', () => {
    const { seen, work } = madeUp();
    work(600);
    work(5);
    work(300);
    expect(seen.collected).toBe(1);
    work(5);
    expect(seen.collected).toBe(2);
  });

  it('does it again after more work, also where that comes bit by bit, and never for the collecting itself', () => {
    const { seen, work } = madeUp();
    work(600);
    for (let look = 0; look < 9; look++) work(5);
    expect(seen.collected).toBe(8);
    work(600);
    for (let look = 0; look < 9; look++) work(5);
    expect(seen.collected).toBe(16);
    for (let look = 0; look < 12; look++) work(45);
    expect(seen.collected).toBe(17);
  });

  it('takes waiting for no work, however long it lasts', () => {
    const { seen, work } = madeUp();
    for (let look = 0; look < 1000; look++) work(8);
    expect(seen.collected).toBe(0);
  });

  it('leaves alone what has hardly worked, and ends when told to', () => {
    const { seen, work, end } = madeUp();
    for (let look = 0; look < 9; look++) work(49);
    expect(seen.collected).toBe(0);
    end();
    expect(seen.isWatched).toBe(false);
  });

  it('can really make this process free what nothing refers to', async () => {
    const collect = collector();
    const past = ((): WeakRef<object> => new WeakRef({ heavy: new Array(1000).fill(0) }))();
    // What was just looked at is kept until the task is over.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(past.deref()).toBeUndefined();
  });
});
