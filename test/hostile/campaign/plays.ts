import type { HostileWorld } from '../harness/world.ts';
import { drawCase } from './campaign-case.ts';
import type { Played } from './checks.ts';
import { playCase } from './play-case.ts';
import { playMember } from './play-member.ts';
import { playRescue } from './play-rescue.ts';
import { playSignIn } from './play-sign-in.ts';

/** What is played by seeds, by name. */
export const plays = {
  answers: (world, seed) => playCase(world, drawCase(seed)),
  'sign-in': playSignIn,
  member: playMember,
  rescue: playRescue,
} as const satisfies Record<string, (world: HostileWorld, seed: number) => Promise<Played>>;

export type PlayName = keyof typeof plays;

/** What failed, as somebody reads it who has to repeat it. */
export const told = (name: string, { problem, story }: Played): string =>
  `${name}: ${problem}\n${story.slice(0, 80).join('\n')}`;
