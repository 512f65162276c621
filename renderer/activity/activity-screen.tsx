import { Activity } from 'lucide-react';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { VaultSelect } from '../parts/vault-select.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './activity.module.css';
import { ActivityBatch } from './activity-batch.tsx';
import { byDay } from './by-day.ts';
import { usePairActivity } from './use-pair-activity.ts';

/** What happened in the vaults, day by day. */
export function ActivityScreen() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  const { pair, setPair, items, error, hasMore, isPending, isFetching, more, retry } = usePairActivity(pairs);
  return (
    <Page
      title={t.activity.title}
      actions={pair === null ? undefined : <VaultSelect pairs={pairs} pair={pair} onChange={setPair} />}
    >
      <FailureNote error={error} onRetry={retry} />
      {isPending ? (
        <Skeleton rows={6} />
      ) : items.length > 0 ? (
        <Days items={items} pair={pair} />
      ) : error === null ? (
        <Empty icon={<Activity />} title={t.activity.empty} text={t.activity.emptyText} />
      ) : null}
      {hasMore ? (
        <div>
          <Button isBusy={isFetching} onClick={more}>
            {t.common.more}
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Days({ items, pair }: { readonly items: Parameters<typeof byDay>[0]; readonly pair: string | null }) {
  const t = useMessages();
  const format = useFormat();
  const name = (time: number, back: number): string =>
    back === 0 ? t.activity.today : back === 1 ? t.activity.yesterday : format.day(time);
  return byDay(items, Date.now()).map(({ time, back, items: of }) => (
    <section key={back} className={css.day}>
      <h2>{name(time, back)}</h2>
      <ol className={css.list}>
        {of.map((item) => (
          <ActivityBatch key={item.batch} item={item} pair={pair} />
        ))}
      </ol>
    </section>
  ));
}
