import { expect, it } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import { watchPauses } from '../../../src/app/pairs/pause-timer.ts';
import type { Clock } from '../../../src/common/clock.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';

const minute = 60_000;
const year = 365 * 24 * 60 * minute;

it('a pause ends in its time, also when the clock is set back or ahead meanwhile', async () => {
  for (const [jump, waited] of [
    [0, 11],
    [-year, 11],
    [year, 2],
  ] as const) {
    const time = virtualClock();
    let shift = 0;
    const clock: Clock = { ...time, now: () => time.now() + shift };
    let pairs = [
      { pair: 'short', pausedUntil: (clock.now() + 10 * minute) as number | null },
      { pair: 'long', pausedUntil: clock.now() + 2 * year },
    ];
    const device = {
      ports: { clock },
      config: () => ({ pairs }),
      onStatus: () => () => undefined,
    } as unknown as Device;
    const resumed: string[] = [];
    const stop = watchPauses(device, async (pair) => {
      resumed.push(pair);
      pairs = pairs.map((each) => (each.pair === pair ? { ...each, pausedUntil: null } : each));
    });
    await time.advance(minute);
    expect(resumed).toEqual([]);
    shift = jump;
    await time.advance((waited - 1) * minute);
    expect(resumed, String(jump)).toEqual(['short']);
    stop();
    await time.advance(minute);
  }
});
