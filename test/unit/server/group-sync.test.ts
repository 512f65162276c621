import { expect, it } from 'vitest';
import { createGroupSync } from '../../../src/server/disk/group-sync.ts';

/** A disk whose syncs end when they are told to. */
function slowDisk() {
  const running: PromiseWithResolvers<void>[] = [];
  const sync = createGroupSync(() => {
    const next = Promise.withResolvers<void>();
    running.push(next);
    return next.promise;
  });
  return { running, sync };
}

it('those that come while one is under way share the next', async () => {
  const { running, sync } = slowDisk();
  const [first, second, third] = [sync(), sync(), sync()];
  running[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(running.length).toBe(2);
  running[1]?.resolve();
  await Promise.all([second, third]);
});

it.each([0, 1])(
  'after one that failed none succeeds: what others wrote may be what was lost (%d wait)',
  async (many) => {
    const { running, sync } = slowDisk();
    const first = sync();
    const waiting = Array.from({ length: many }, sync);
    running[0]?.reject(new Error('EIO'));
    for (const each of [first, ...waiting]) await expect(each).rejects.toThrow('EIO');
    await expect(sync()).rejects.toThrow('EIO');
    expect(running.length).toBe(1);
  },
);
