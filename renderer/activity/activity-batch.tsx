import { Undo2 } from 'lucide-react';
import { memo, useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { Output } from '../../src/rpc/contract.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';
import css from './activity.module.css';
import { ActivityChange } from './activity-change.tsx';

const few = 4;

export type PairActivity = Output<'activity'>['activity'][number];

interface BatchProps {
  readonly item: PairActivity;
  /** Null where there is no doubt. */
  readonly vaultName: string | null;
}

/** A batch never changes: while much syncs, the list is new many times a second, what is in it only longer. */
const isSame = (a: BatchProps, b: BatchProps): boolean =>
  a.vaultName === b.vaultName &&
  a.item.pair === b.item.pair &&
  a.item.batch === b.item.batch &&
  a.item.deviceName === b.item.deviceName;

/** What one device changed at a time; it can be undone as a whole. */
export const ActivityBatch = memo(function ActivityBatch({ item, vaultName }: BatchProps) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const undo = useAction('undo', {
    onDone: ({ skipped }) => {
      setAsking(false);
      toast.say(skipped.length === 0 ? t.activity.undone : t.activity.undoneBut(skipped.length));
    },
  });
  const shown = isOpen ? item.changes : item.changes.slice(0, few);
  const hidden = item.changeCount - shown.length;
  const isLong = item.changes.length > few;
  return (
    <li className={css.batch}>
      <div className={css.who}>
        <strong>{printable(item.deviceName)}</strong>
        {vaultName === null ? null : <Name className={css.vault}>{vaultName}</Name>}
        <span>{t.common.changes(item.changeCount)}</span>
        <div className={css.when}>
          <time dateTime={new Date(item.time).toISOString()} title={format.moment(item.time)}>
            {format.clock(item.time)}
          </time>
          <Button look="quiet" icon={<Undo2 />} onClick={() => setAsking(true)}>
            {t.activity.undo}
          </Button>
        </div>
      </div>
      <ul>
        {shown.map((change, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a batch never changes, and a path may come twice in it
          <ActivityChange key={at} change={change} pair={item.pair} />
        ))}
      </ul>
      {hidden > 0 && (isOpen || !isLong) ? <p className={css.rest}>{t.preview.more(hidden)}</p> : null}
      {isLong ? (
        <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t.activity.less : t.activity.more(hidden)}
        </Button>
      ) : null}
      {isAsking ? (
        <Confirm
          title={t.activity.undoTitle}
          text={t.activity.undoText(item.changeCount, printable(item.deviceName))}
          verb={t.activity.undo}
          isBusy={undo.isPending}
          onConfirm={() => undo.mutate({ pair: item.pair, batch: item.batch })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </li>
  );
}, isSame);
