import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptCases } from './campaign/kept-cases.ts';
import { playCase } from './campaign/play-case.ts';
import { type PlayName, plays, told } from './campaign/plays.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

/**
 * What the other tests here do attack by attack, by seeds and in any mixture: what is said, what is stored, what a device of the
 * account signs. `npm run hostile` plays as many as one likes.
 */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

describe('kept cases', () => {
  it.each(Object.entries(keptCases))('%s', async (name, test) => {
    const played = await playCase(world, test);
    expect(played.problem, told(name, played)).toBeNull();
  });
});

const seeds: Readonly<Record<PlayName, number>> = { answers: 6, 'sign-in': 2, member: 2, rescue: 2 };

describe.each(Object.entries(seeds) as [PlayName, number][])('%s', (name, count) => {
  it.each(Array.from({ length: count }, (_, at) => at + 1))('%i', async (seed) => {
    const played = await plays[name](world, seed);
    expect(played.problem, told(`${name} ${seed}`, played)).toBeNull();
  });
});
