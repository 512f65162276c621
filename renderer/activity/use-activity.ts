import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PairStatus } from '../../src/model/status.ts';
import { useService } from '../state/service.tsx';

const page = 40;

/** What happened, newest first, as far as it was asked for: in all vaults unless one is chosen (`pair`). */
export function useActivity(pairs: readonly PairStatus[]) {
  const service = useService();
  const [chosen, setPair] = useState('');
  const pair = pairs.find((each) => each.pair === chosen)?.pair ?? null;
  const query = useInfiniteQuery({
    queryKey: ['activity', pair],
    queryFn: ({ pageParam }) => service.activity({ pair, limit: page, before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: pairs.length > 0,
  });
  return {
    pair,
    setPair,
    items: query.data?.pages.flatMap(({ activity }) => activity) ?? [],
    error: query.error,
    hasMore: query.hasNextPage,
    isPending: query.isPending && pairs.length > 0,
    isFetching: query.isFetching,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
