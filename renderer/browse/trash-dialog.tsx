import { Tabs } from '@base-ui/react/tabs';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { PairStatus, TrashItem } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useAnswer } from '../state/queries.ts';
import { EmptyTrash, sizeOf } from './empty-trash.tsx';
import css from './trash.module.css';
import { TrashRow } from './trash-row.tsx';

const places = ['vault', 'local'] as const;
const page = 200;

type Owner = Pick<PairStatus, 'pair' | 'vaultName'>;

/** What was deleted or replaced and can still be had: from the vault, and from this computer's own trash. */
export function TrashDialog({ pair, onClose }: { readonly pair: Owner; readonly onClose: () => void }) {
  const t = useMessages();
  const format = useFormat();
  const { data, error, refetch, isPending } = useAnswer('trash', { pair: pair.pair });
  return (
    <Dialog title={t.trash.title} isWide onClose={onClose}>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {isPending ? <Skeleton rows={5} /> : null}
      {data === undefined ? null : (
        <Tabs.Root defaultValue="vault">
          <Tabs.List className={css.tabs} aria-label={t.trash.title}>
            {places.map((place) => (
              <Tabs.Tab key={place} value={place} className={css.tab}>
                {t.trash.tab[place]}
                <span className={css.count}>{format.count(itemsIn(data.trash, place).length)}</span>
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {places.map((place) => (
            <Tabs.Panel key={place} value={place} className={css.panel}>
              <Items pair={pair} place={place} items={itemsIn(data.trash, place)} />
            </Tabs.Panel>
          ))}
        </Tabs.Root>
      )}
    </Dialog>
  );
}

const itemsIn = (trash: readonly TrashItem[], place: TrashItem['where']): readonly TrashItem[] =>
  trash.filter(({ where }) => where === place);

interface ItemsProps {
  readonly pair: Owner;
  readonly place: TrashItem['where'];
  readonly items: readonly TrashItem[];
}

function Items({ pair, place, items }: ItemsProps) {
  const t = useMessages();
  const format = useFormat();
  const [shown, setShown] = useState(page);
  if (items.length === 0) return <Empty icon={<Trash2 />} title={t.trash.empty} text={t.trash.emptyText[place]} />;
  return (
    <>
      {place === 'local' ? (
        <div className={css.head}>
          <p className={css.text}>
            {t.trash.text.local} {t.trash.size(format.bytes(sizeOf(items)))}
          </p>
          <EmptyTrash pair={pair} items={items} />
        </div>
      ) : (
        <p className={css.text}>{t.trash.text.vault}</p>
      )}
      <ul>
        {items.slice(0, shown).map((item) => (
          <TrashRow key={`${item.batch} ${item.copy} ${item.path}`} pair={pair.pair} item={item} />
        ))}
      </ul>
      {items.length > shown ? (
        <Button look="quiet" onClick={() => setShown(shown + page)}>
          {t.issues.showMore(items.length - shown)}
        </Button>
      ) : null}
    </>
  );
}
