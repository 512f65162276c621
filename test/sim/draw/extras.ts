import type { Step } from '../history.ts';
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

/** By how often they come. */
const kinds: Readonly<Record<string, { readonly share: number; readonly make: (own: Dice) => Extra }>> = {
  weeks: { share: 1 / 8, make: weeks },
};

export const extras = (seed: number): readonly Extra[] =>
  Object.entries(kinds).flatMap(([name, { share, make }]) => {
    const own = dice(seed, name);
    return own.chance(share) ? [make(own)] : [];
  });
