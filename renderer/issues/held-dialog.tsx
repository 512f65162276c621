import { useInfiniteQuery } from '@tanstack/react-query';
import type { HeldItem } from '../../src/model/status.ts';
import type { Messages } from '../i18n/en.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { EntryIcon } from '../parts/entry-icon.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useService } from '../state/service.tsx';
import css from './issues.module.css';

const page = 500;

const { compare } = new Intl.Collator(undefined, { numeric: true });

/** All that held deletions would take, page by page; what is shown stays where it is while more comes. */
export function HeldDialog({ pair, onClose }: { readonly pair: string; readonly onClose: () => void }) {
  const t = useMessages();
  const service = useService();
  const query = useInfiniteQuery({
    queryKey: ['held', pair],
    queryFn: ({ pageParam }) => service.held({ pair, offset: pageParam, limit: page }),
    initialPageParam: 0,
    getNextPageParam: ({ items, total }, pages) => {
      const shown = pages.reduce((sum, each) => sum + each.items.length, 0);
      return items.length === 0 || shown >= total ? null : shown;
    },
  });
  const items = query.data?.pages.flatMap((each) => each.items.toSorted((a, b) => compare(a.path, b.path))) ?? [];
  const total = query.data?.pages.at(-1)?.total ?? 0;
  // As long as not all are here, some may go the other way.
  const isOneWay =
    !query.hasNextPage && items.length > 0 && items.every(({ direction }) => direction === items[0]?.direction);
  return (
    <Dialog
      title={t.issues.heldTitle}
      text={isOneWay ? `${t.common.entries(total)}, ${directionName(t, items[0])}` : t.common.entries(total)}
      isWide
      onClose={onClose}
    >
      <FailureNote error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending ? <Skeleton rows={8} /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ul className={css.held} tabIndex={0} aria-label={t.issues.heldTitle}>
        {items.map(({ path, kind, direction }) => (
          <li key={`${direction} ${path}`}>
            <EntryIcon kind={kind} name={path} />
            <Name>{path}</Name>
            {isOneWay ? null : <span>{directionName(t, { direction })}</span>}
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <div className={css.more}>
          <Button look="quiet" isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.issues.showMore(total - items.length)}
          </Button>
        </div>
      ) : null}
    </Dialog>
  );
}

const directionName = (t: Messages, item: Pick<HeldItem, 'direction'> | undefined): string =>
  item?.direction === 'down' ? t.issues.heldDown : t.issues.heldUp;
