import type { Action, Step } from '../history.ts';
import { type Dice, dice } from '../random.ts';
import type { World } from '../world.ts';

/** What comes after some of the steps of a history, whatever they are about. Draws from dice of its own: all else stays as it is without it. */
export type Extra = (world: World) => Step[];

const minute = 60_000;

/** Who watches asks for news once a minute, and then forgets what is too old: versions, trash, journal. */
const weeks = (own: Dice): Extra => {
  return () =>
    own.chance(0.4)
      ? [
          [0, { do: 'days', days: own.pick([8, 14]) }],
          [minute + own.below(10_000), { do: 'days', days: 1 }],
        ]
      : [];
};

/** Somebody removes a device of theirs, while others are offline or in the middle of something. */
const revocations =
  (own: Dice): Extra =>
  ({ devices }) => {
    const up = devices.filter(({ isUp }) => isUp);
    return up.length > 0 && own.chance(0.08) ? [[own.below(300), { do: 'revoke', device: own.pick(up).at }]] : [];
  };

/** The server is full, and later it is not. */
const fullServers = (own: Dice): Extra => {
  let isFull = false;
  return () => {
    if (!own.chance(0.2)) return [];
    isFull = !isFull;
    return [[own.below(300), { do: 'room', bytes: isFull ? own.pick([0, 500, 5000]) : null }]];
  };
};

/** Somebody asks for something while what just changed is being synced, mostly for what changes nothing itself. */
const decisions =
  (own: Dice): Extra =>
  ({ devices }) => {
    const up = devices.filter(({ isUp }) => isUp);
    if (up.length === 0 || !own.chance(0.5)) return [];
    const device = own.pick(up).at;
    const what = own.weighted({ plan: 4, undo: 1, 'bring-back': 1 });
    const decision: Action =
      what === 'undo'
        ? { do: what, device, back: own.below(4) }
        : what === 'plan'
          ? { do: what, device }
          : { do: what, device, number: own.below(20) };
    return [[Math.floor(own.next() ** 2 * 2000), decision]];
  };

/** By how often they come. */
const kinds: Readonly<Record<string, { readonly share: number; readonly make: (own: Dice) => Extra }>> = {
  weeks: { share: 1 / 8, make: weeks },
  'full servers': { share: 1 / 8, make: fullServers },
  revocations: { share: 1 / 6, make: revocations },
  decisions: { share: 1 / 4, make: decisions },
};

export const extras = (seed: number): readonly Extra[] =>
  Object.entries(kinds).flatMap(([name, { share, make }]) => {
    const own = dice(seed, name);
    return own.chance(share) ? [make(own)] : [];
  });
