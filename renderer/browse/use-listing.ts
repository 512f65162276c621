import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import type { Input, Output } from '../../src/rpc/contract.ts';
import { useService } from '../state/service.tsx';

export interface Listing {
  readonly search: string;
  readonly withDeleted: boolean;
  readonly sort: Input<'browse'>['sort'];
  readonly isDescending: boolean;
}

export const firstListing: Listing = { search: '', withDeleted: false, sort: 'name', isDescending: false };

const page = 200;

export interface Entries {
  readonly total: number;
  readonly isPending: boolean;
  readonly error: unknown;
  retry(): void;
  /** Undefined while its page is on the way. */
  at(index: number): VaultEntry | undefined;
  /** Which entries are looked at, so that their pages are asked for. */
  look(first: number, last: number): void;
}

/** A folder's content by pages: however long it is, only what is looked at is asked for. */
export function useListing(pair: string, path: string, listing: Listing): Entries {
  const service = useService();
  const search = useDeferredValue(listing.search.trim());
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const query = (index: number) => {
    const input = {
      ...listing,
      pair,
      path,
      search: search === '' ? null : search,
      offset: index * page,
      limit: page,
    };
    return {
      queryKey: ['browse', input],
      queryFn: (): Promise<Output<'browse'>> => service.browse(input),
    };
  };
  const first = useQuery({ ...query(0), placeholderData: keepPreviousData });
  const total = first.data?.total ?? 0;
  const last = Math.max(0, Math.ceil(total / page) - 1);
  const from = Math.max(1, Math.min(range[0], last));
  const wanted = Array.from({ length: Math.max(0, Math.min(range[1], last) - from + 1) }, (_, at) => from + at);
  const pages = useQueries({ queries: wanted.map(query) });
  return {
    total,
    isPending: first.isPending,
    error: first.error,
    retry: () => void first.refetch(),
    at: (index) => {
      const of = Math.floor(index / page);
      const data = of === 0 ? first.data : pages[of - from]?.data;
      return data?.entries[index % page];
    },
    look: (start, end) => {
      const next = [Math.floor(start / page), Math.floor(end / page)] as const;
      if (next[0] !== range[0] || next[1] !== range[1]) setRange(next);
    },
  };
}
