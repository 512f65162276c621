import type { RouteName } from '../../src/wire/route.ts';
import type { RandomSteps } from '../helpers/random-steps.ts';
import type { Fault } from './fault.ts';

/** One of the faults of a bad line: nothing in them is a lie that only a hostile server would tell. */
function randomFault(steps: RandomSteps): Fault {
  switch (steps.below(12)) {
    case 0:
      return { type: 'refuse' };
    case 1:
      return { type: 'cut-request', after: steps.below(20_000) };
    case 2:
    case 3:
      return { type: 'lose-reply' };
    case 4:
      return { type: 'cut-reply', after: steps.below(20_000) };
    case 5:
      return { type: 'twice' };
    case 6:
    case 7:
      return { type: 'delay', ms: steps.below(300) };
    case 8:
      return { type: 'status', status: 503, isDelivered: steps.below(2) === 0 };
    case 9:
      return { type: 'status', status: steps.pick([500, 502, 504, 408]), body: '<html>Bad gateway</html>' };
    case 10:
      return {
        type: 'status',
        status: 429,
        body: { error: { kind: 'offline', reason: 'rate', message: 'Too many requests.', retryAfter: 20 } },
      };
    default:
      return { type: 'slow', bytesPerSecond: 200_000 };
  }
}

/** A line on which each request fares ill with this chance (of 100). Signing in is spared: its calls end a command. */
export const badLine =
  (steps: RandomSteps, chance: number) =>
  (name: RouteName | null): Fault | null =>
    name === null || name === 'events' || steps.below(100) >= chance ? null : randomFault(steps);
