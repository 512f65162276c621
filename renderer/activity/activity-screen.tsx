import { Activity } from 'lucide-react';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
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
  const { pair, setPair, items, error, hasMore, isPending, isFetching, more } = usePairActivity(pairs);
  return (
    <Page
      title={t.activity.title}
      actions={
        pairs.length < 2 ? undefined : (
          <select
            className={css.filter}
            aria-label={t.files.pair}
            value={pair ?? ''}
            onChange={(e) => setPair(e.target.value)}
          >
            {pairs.map((each) => (
              <option key={each.pair} value={each.pair}>
                {each.vaultName}
              </option>
            ))}
          </select>
        )
      }
    >
      <FailureNote error={error} />
      {items.length === 0 && !isPending ? (
        <Empty icon={<Activity />} title={t.activity.empty} text={t.activity.emptyText} />
      ) : (
        <Days items={items} pair={pair} />
      )}
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
