import { describe, expect, test } from 'vitest';
import { memberCommands } from '../../../src/app/account/member-commands.ts';
import type { Device } from '../../../src/app/device.ts';
import { type VirtualClock, virtualClock } from '../../fakes/virtual-clock.ts';

const vault = 'c'.repeat(32);

/** A question without an answer; it ends when the one who asked gives up. */
const unanswered = (signal?: AbortSignal) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** A device of an account with two, whose server takes what is asked and answers no more. */
const silenced = (clock: VirtualClock, isRunning: boolean, vaultNames: Readonly<Record<string, string>> = {}) =>
  memberCommands({
    ports: { clock },
    account: () => ({}),
    config: () => ({ pairs: [] }),
    status: () => ({ pairs: [] }),
    running: () => (isRunning ? {} : null),
    session: async () => ({
      refresh: () => unanswered(),
      stored: () => ({ vaultNames }),
      storage: {
        listVaults: (call?: { signal?: AbortSignal }) => unanswered(call?.signal),
        getLog: (_: string, __: number, call?: { signal?: AbortSignal }) =>
          call?.signal?.aborted === true ? Promise.reject(call.signal.reason) : unanswered(call?.signal),
      },
      device: { device: 'a' },
      deviceNameOf: (id: string) => `Computer ${id}`,
      known: () => ({
        chain: {
          vaults: new Map([[vault, {}]]),
          devices: new Map([
            ['a', { addedUs: 0, revokedAt: null }],
            ['b', { addedUs: 0, revokedAt: null }],
          ]),
        },
      }),
    }),
  } as unknown as Device);

describe.each([
  [true, 3000],
  [false, 11_000],
])('while the server is silent; the device syncs: %s', (isRunning, soon) => {
  test('whoever looks at the devices sees those that are known, and that there may be more', async () => {
    const clock = virtualClock();
    let shown: unknown = null;
    void Promise.resolve(silenced(clock, isRunning).devices({})).then(({ devices, isOld }) => {
      shown = { names: devices.map(({ name }) => name), isOld };
    });
    await clock.advance(soon);
    expect(shown).toEqual({ names: ['Computer a', 'Computer b'], isOld: true });
  });

  test('whoever looks at the vaults sees those that are known', async () => {
    const clock = virtualClock();
    let shown: unknown = null;
    void Promise.resolve(silenced(clock, isRunning, { [vault]: 'Letters' }).vaults({})).then(({ vaults }) => {
      shown = vaults;
    });
    await clock.advance(soon + 10_000);
    expect(shown).toEqual([{ vault, name: 'Letters', bytes: null, pair: null }]);
  });

  test('where no vault is known, it is said that the server does not answer', async () => {
    const clock = virtualClock();
    let failed: unknown = null;
    void Promise.resolve(silenced(clock, isRunning).vaults({})).catch((error: unknown) => {
      failed = error;
    });
    await clock.advance(soon + 10_000);
    expect(failed).toMatchObject({ kind: 'offline', reason: 'too-slow' });
  });
});
