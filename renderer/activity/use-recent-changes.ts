import { useQueries } from '@tanstack/react-query';
import type { ActivityItem, PairStatus } from '../../src/model/status.ts';
import { useService } from '../state/service.tsx';

export interface RecentChange {
  readonly key: string;
  readonly pair: string;
  readonly change: ActivityItem['changes'][number];
}

/** The latest changes over all folders, newest first. */
export function useRecentChanges(pairs: readonly PairStatus[], count: number) {
  const service = useService();
  const answers = useQueries({
    queries: pairs.map(({ pair }) => ({
      queryKey: ['activity', pair, count],
      queryFn: () => service.activity({ pair, limit: count, before: null }),
    })),
  });
  const items = answers.flatMap(({ data }, at) =>
    (data?.activity ?? []).map((item) => ({ ...item, pair: pairs[at]?.pair ?? '' })),
  );
  const changes: readonly RecentChange[] = items
    .sort((a, b) => b.time - a.time)
    .flatMap(({ pair, batch, changes: of }) =>
      of.map((change, at) => ({ key: `${pair} ${batch} ${at}`, pair, change })),
    )
    .slice(0, count);
  return { changes, isPending: answers.some(({ isPending }) => isPending) };
}
