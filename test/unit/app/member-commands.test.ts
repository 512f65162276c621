import { expect, test } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import { memberCommands } from '../../../src/app/member-commands.ts';
import { type VirtualClock, virtualClock } from '../../fakes/virtual-clock.ts';

/** A device of an account with two, whose server answers no more. */
const silenced = (clock: VirtualClock, isRunning: boolean) =>
  memberCommands({
    ports: { clock },
    account: () => ({}),
    status: () => ({ pairs: [] }),
    running: () => (isRunning ? {} : null),
    session: async () => ({
      refresh: () => new Promise(() => undefined),
      device: { device: 'a' },
      deviceNameOf: (id: string) => `Computer ${id}`,
      known: () => ({
        chain: {
          devices: new Map([
            ['a', { addedUs: 0, revokedAt: null }],
            ['b', { addedUs: 0, revokedAt: null }],
          ]),
        },
      }),
    }),
  } as unknown as Device);

test.each([
  [true, ['Computer a', 'Computer b']],
  [false, null],
])('whoever looks at the devices while the server is silent: the device syncs: %s', async (isRunning, names) => {
  const clock = virtualClock();
  let shown: string[] | null = null;
  void Promise.resolve(silenced(clock, isRunning).devices({})).then(({ devices }) => {
    shown = devices.map(({ name }) => name);
  });
  await clock.advance(5000);
  expect(shown).toEqual(names);
});
