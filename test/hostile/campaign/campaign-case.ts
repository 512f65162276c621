import type { RouteName } from '../../../src/wire/route.ts';
import { dice } from '../../sim/random.ts';
import { type Victim, victims } from '../harness/world.ts';
import { forgeries, troubles } from './lie-kinds.ts';

/** A habit of the server's: of what it is asked there, this share is answered so. */
export interface Habit {
  /** Null: anything. */
  readonly route: RouteName | null;
  /** A name of `troubles` or `forgeries`. */
  readonly kind: string;
  readonly share: number;
}

/** What a seed stands for. Kept as data, it means the same when what is drawn from seeds has changed. */
export interface CampaignCase {
  /** Of the choices within. */
  readonly seed: number;
  readonly victim: Victim;
  readonly habits: readonly Habit[];
  /** What is asked: the server itself, an older copy of it, or one whose stored rows and files were changed. */
  readonly server: 'true' | 'older' | 'changed';
  /** Of what is asked then, the share that goes there. */
  readonly astray: number;
  /** Whether what lies below `.holdfast` in the victim's folder is changed, too. */
  readonly isDiskOdd: boolean;
  /** Runs under the lie. */
  readonly runs: number;
}

const routes: readonly RouteName[] = [
  'getLog',
  'getLog',
  'getLog',
  'getObjects',
  'getObjects',
  'getObject',
  'appendLog',
  'appendLog',
  'putObjects',
  'putObject',
  'exists',
  'getCheckpoint',
  'putCheckpoint',
  'getGrants',
  'getChain',
  'challenge',
  'login',
];

export function drawCase(seed: number): CampaignCase {
  const draw = dice(seed, 'campaign');
  const server = draw.weighted({ true: 6, older: 2, changed: 3 });
  const kinds = draw.chance(0.5) ? Object.keys(troubles) : Object.keys({ ...troubles, ...forgeries });
  const habit = (): Habit => ({
    route: draw.chance(0.15) ? null : draw.pick(routes),
    kind: draw.pick(kinds),
    share: draw.pick([0.1, 0.3, 0.6, 1]),
  });
  const count = server === 'true' ? 1 + draw.below(3) : draw.below(2);
  return {
    seed,
    victim: draw.pick(victims),
    habits: Array.from({ length: count }, habit),
    server,
    astray: draw.pick([0.2, 0.5, 1, 1]),
    isDiskOdd: draw.chance(0.15),
    runs: 1 + draw.below(3),
  };
}
