import type { PairState, PairStatus } from '../../model/status.ts';

const told: ReadonlySet<PairState> = new Set(['frozen', 'root-missing', 'offline', 'needs-attention']);

/** Since when a pair stands where it does, from the states that it says it is in, one after the other. `last`: by an earlier process. */
export function standsSince(
  now: () => number,
  last: Pick<PairStatus, 'state' | 'since'>,
): (state: PairState) => number | null {
  let { state, since } = last;
  return (next) => {
    // Whether that is over, it is about to find out.
    if (next === 'scanning') return null;
    if (next !== state) since = now();
    state = next;
    return told.has(state) ? since : null;
  };
}
