import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import type { HomeStatus, RpcEvent } from '../../../src/rpc/home-report.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { pairOf, statusOf } from '../../helpers/home-status.ts';

const pair = pairOf();
const withIssues = (issues: number): HomeStatus => statusOf('up-to-date', [{ ...pair, issues }]);

describe('whoever listens to the service', () => {
  /** A device in one state after the other, as it is at the moment. */
  function world() {
    const clock = virtualClock();
    let status = withIssues(0);
    let isHeard = 0;
    let changed = (): void => undefined;
    const device = {
      ports: { clock },
      status: () => status,
      onStatus: (listener: () => void) => {
        isHeard++;
        changed = listener;
        return () => {
          isHeard--;
        };
      },
    } as unknown as Device;
    const service = deviceService(device, null);
    return {
      isHeard: () => isHeard > 0,
      set: (issues: number): void => {
        status = withIssues(issues);
        changed();
      },
      tell: () => clock.advance(1000),
      listen: (also: (event: RpcEvent) => void = () => undefined) => {
        const heard: unknown[] = [];
        const off = service.listen((event) => {
          also(event);
          heard.push(event.type === 'status' ? event.status.pairs[0]?.issues : event.type);
        });
        return { heard, off };
      },
    };
  }

  it('hears of each change after the state that it was told first, also of the first one', async () => {
    const { listen, set, tell } = world();
    const { heard } = listen();
    set(1);
    await tell();
    set(1);
    await tell();
    expect(heard).toEqual([0, 1, 'changed', 1]);
  });

  it('hears of what changed since it began, not since others were told', async () => {
    const { listen, set, tell } = world();
    const first = listen();
    set(1);
    const second = listen();
    // Back again before anybody was told: for one nothing has changed, for the other it has.
    set(0);
    await tell();
    expect(first.heard).toEqual([0, 0]);
    expect(second.heard).toEqual([1, 0, 'changed']);
  });

  it('hears nothing any more once it has gone, also when another one sent it away', async () => {
    const { listen, set, tell, isHeard } = world();
    let leave = (): void => undefined;
    const first = listen((event) => event.type === 'changed' && leave());
    const second = listen();
    leave = second.off;
    set(1);
    await tell();
    expect(second.heard).toEqual([0]);
    first.off();
    expect(isHeard()).toBe(false);
  });
});
