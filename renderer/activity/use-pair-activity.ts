import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PairStatus } from '../../src/model/status.ts';
import { useService } from '../state/service.tsx';

const page = 40;

/** What happened in one vault, newest first, as far as it was asked for. The first one unless another is chosen. */
export function usePairActivity(pairs: readonly PairStatus[]) {
  const service = useService();
  const [chosen, setPair] = useState<string | null>(null);
  const pair = pairs.find((each) => each.pair === chosen)?.pair ?? pairs[0]?.pair ?? null;
  const query = useInfiniteQuery({
    queryKey: ['activity', pair],
    queryFn: ({ pageParam }) => service.activity({ pair, limit: page, before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ activity }) => (activity.length < page ? null : (activity.at(-1)?.batch ?? null)),
    enabled: pair !== null,
  });
  return {
    pair,
    setPair,
    items: query.data?.pages.flatMap(({ activity }) => activity) ?? [],
    error: query.error,
    hasMore: query.hasNextPage,
    isPending: query.isPending && pair !== null,
    isFetching: query.isFetching,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
