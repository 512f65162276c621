import { useAnswer } from '../state/queries.ts';
import type { PairActivity } from './activity-batch.tsx';

export interface RecentChange {
  readonly key: string;
  readonly pair: string;
  readonly change: PairActivity['changes'][number];
}

/** The latest changes over all folders, newest first. */
export function useRecentChanges(hasPairs: boolean, count: number) {
  const { data, isPending } = useAnswer(
    'activity',
    { pair: null, limit: count, before: null },
    { isEnabled: hasPairs },
  );
  const changes: readonly RecentChange[] = (data?.activity ?? [])
    .flatMap(({ pair, batch, changes: of }) =>
      of.map((change, at) => ({ key: `${pair} ${batch} ${at}`, pair, change })),
    )
    .slice(0, count);
  return { changes, isPending: isPending && hasPairs };
}
