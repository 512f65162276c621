import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query';
import type { CommandName, Input, Output, Service } from '../../src/rpc/contract.ts';
import type { ChangedPart, RpcEvent } from '../../src/rpc/home-report.ts';
import { coalesce } from './coalesce.ts';
import { onLineBack, setLine } from './line.ts';
import { useService } from './service.tsx';

/** An answer of Holdfast, kept and shared by all that show it. */
export function useAnswer<N extends CommandName>(name: N, input: Input<N>) {
  const service = useService();
  return useQuery({
    queryKey: [name, input],
    queryFn: (): Promise<Output<N>> => service[name](input as never) as Promise<Output<N>>,
    placeholderData: keepPreviousData,
  });
}

/** Answers that may be another after a part has changed. */
const concerned: Readonly<Record<ChangedPart, readonly CommandName[]>> = {
  pairs: ['pairs', 'vaults', 'status'],
  issues: ['issues', 'held'],
  activity: ['activity', 'browse', 'trash', 'versions', 'why', 'deselected'],
  settings: ['settings-get', 'ignore-get'],
  devices: ['devices'],
};

/** Lists are asked for again at most so often, in milliseconds. */
const refreshEvery = 1000;

/** A window that nobody sees asks for nothing until it is seen. */
function laterWhenSeen(milliseconds: number, act: () => void): void {
  setTimeout(() => {
    if (!document.hidden) return act();
    const seen = (): void => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', seen);
      act();
    };
    document.addEventListener('visibilitychange', seen);
  }, milliseconds);
}

/** Keeps the answers fresh by what the engine tells of itself. Returns what ends it. */
export function followEvents(service: Service, client: QueryClient): () => void {
  const refresh = coalesce<CommandName>(
    refreshEvery,
    (names) => {
      for (const name of names) void client.invalidateQueries({ queryKey: [name] });
    },
    { now: () => performance.now(), later: laterWhenSeen },
  );
  // What was told meanwhile was told to nobody.
  const unfollow = onLineBack(() => void client.invalidateQueries());
  const unlisten = service.listen((event: RpcEvent) => {
    // That it is there again, or gone without a word, is told by whatever carries the messages.
    if (event.type === 'stopping') setLine(false);
    if (event.type === 'status') {
      // An answer that is on the way is older, and must not take its place.
      void client.cancelQueries({ queryKey: ['status'] });
      client.setQueryData(['status', {}], event.status);
    }
    if (event.type === 'changed') refresh(event.parts.flatMap((part) => concerned[part]));
  });
  return () => {
    unfollow();
    unlisten();
  };
}
