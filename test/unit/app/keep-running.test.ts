import { describe, expect, it } from 'vitest';
import { keepRunning, restartPauses } from '../../../src/app/own-server/keep-running.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';

function kept(fails = false) {
  const clock = virtualClock();
  const startedAt: number[] = [];
  const downs: number[] = [];
  let die = (): void => undefined;
  const keeper = keepRunning(
    'the thing',
    () => {
      startedAt.push(clock.monotonic());
      const { promise: gone, resolve } = Promise.withResolvers<void>();
      die = resolve;
      const ready = fails ? Promise.reject(new Error('no start')) : Promise.resolve(startedAt.length);
      if (fails) resolve();
      return { ready, gone, stop: async () => resolve() };
    },
    { clock, logger: silentLogger, onDown: () => downs.push(clock.monotonic()) },
  );
  return { clock, startedAt, downs, keeper, die: () => die() };
}

describe('a process that is kept running', () => {
  it('is started again when it dies, the later the more often it died', async () => {
    const { clock, startedAt, die } = kept();
    await clock.advance(0);
    for (const pause of restartPauses) {
      die();
      await clock.advance(pause);
    }
    const gaps = startedAt.slice(1).map((at, i) => at - (startedAt[i] ?? 0));
    expect(gaps).toEqual(restartPauses);
  });

  it('is started again at once after a calm time', async () => {
    const { clock, startedAt, downs, die } = kept();
    await clock.advance(0);
    die();
    await clock.advance(0);
    die();
    await clock.advance(1000);
    await clock.advance(61_000);
    die();
    await clock.advance(0);
    expect(startedAt).toHaveLength(4);
    expect(downs).toHaveLength(3);
  });

  it('gives whoever waits the next one', async () => {
    const { clock, keeper, die } = kept();
    expect(await keeper.current()).toBe(1);
    die();
    await clock.advance(0);
    expect(await keeper.current()).toBe(2);
  });

  it('tells why it does not start, and goes on trying', async () => {
    const { clock, keeper, startedAt } = kept(true);
    await expect(keeper.current()).rejects.toThrow('no start');
    await clock.advance(10_000);
    expect(startedAt.length).toBeGreaterThan(3);
  });

  it('tells why it cannot even be begun, and goes on trying', async () => {
    const clock = virtualClock();
    let tries = 0;
    const start = () => {
      tries++;
      throw new Error('no process left');
    };
    const keeper = keepRunning('the thing', start, { clock, logger: silentLogger });
    await expect(keeper.current()).rejects.toThrow('no process left');
    await clock.advance(10_000);
    expect(tries).toBeGreaterThan(3);
    await keeper.stop();
  });

  it('ends when it is stopped, for good', async () => {
    const { clock, keeper, startedAt } = kept();
    await clock.advance(0);
    await keeper.stop();
    await clock.advance(120_000);
    expect(startedAt).toHaveLength(1);
    await expect(keeper.current()).rejects.toThrow('was stopped');
  });
});
