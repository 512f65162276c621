import { Activity } from 'lucide-react';
import type { PairStatus } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { VaultSelect } from '../parts/vault-select.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './activity.module.css';
import { ActivityBatch, type PairActivity } from './activity-batch.tsx';
import { byDay } from './by-day.ts';
import { useActivity } from './use-activity.ts';

/** What happened in the vaults, day by day. */
export function ActivityScreen() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  const { pair, setPair, items, error, hasMore, isPending, isFetching, more, retry } = useActivity(pairs);
  return (
    <Page title={t.nav.activity} actions={<VaultSelect pairs={pairs} pair={pair ?? ''} onChange={setPair} withAll />}>
      <FailureNote error={error} onRetry={retry} />
      {isPending ? (
        <Skeleton rows={6} />
      ) : items.length > 0 ? (
        <Days items={items} pairs={pair === null && pairs.length > 1 ? pairs : []} />
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

interface DaysProps {
  readonly items: readonly PairActivity[];
  /** Those whose names are told beside what happened in them. */
  readonly pairs: readonly PairStatus[];
}

function Days({ items, pairs }: DaysProps) {
  const t = useMessages();
  const format = useFormat();
  const name = (time: number, back: number): string =>
    back === 0 ? t.activity.today : back === 1 ? t.activity.yesterday : format.day(time);
  return byDay(items, Date.now()).map(({ time, back, items: of }) => (
    <section key={back} className={css.day}>
      <h2>{name(time, back)}</h2>
      <ol className={css.list}>
        {of.map((item) => (
          <ActivityBatch
            key={`${item.pair} ${item.batch}`}
            item={item}
            vaultName={pairs.find(({ pair }) => pair === item.pair)?.vaultName ?? null}
          />
        ))}
      </ol>
    </section>
  ));
}
