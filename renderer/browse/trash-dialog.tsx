import { useState } from 'react';
import type { TrashItem } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { PathName } from '../parts/path-name.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './details.module.css';

const page = 200;

/** What was deleted or replaced and can still be had. */
export function TrashDialog({ pair, onClose }: { readonly pair: string; readonly onClose: () => void }) {
  const t = useMessages();
  const [shown, setShown] = useState(page);
  const { data, error, refetch, isPending } = useAnswer('trash', { pair });
  const items = data?.trash ?? [];
  return (
    <Dialog title={t.trash.title} text={t.trash.text} isWide onClose={onClose}>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {isPending ? <Skeleton rows={5} /> : null}
      {data !== undefined && items.length === 0 ? <p className={css.none}>{t.trash.empty}</p> : null}
      <ul className={css.trash}>
        {items.slice(0, shown).map((item) => (
          <TrashRow key={`${item.where} ${item.batch} ${item.path}`} pair={pair} item={item} />
        ))}
      </ul>
      {items.length > shown ? (
        <Button look="quiet" onClick={() => setShown(shown + page)}>
          {t.issues.showMore(items.length - shown)}
        </Button>
      ) : null}
    </Dialog>
  );
}

/** From the vault it comes back by itself; a copy on this computer is shown where it lies. */
function TrashRow({ pair, item }: { readonly pair: string; readonly item: TrashItem }) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const { batch, path, size, deletedAt, where } = item;
  const { data: info } = useAnswer('app-info', {});
  const restore = useAction('restore', { onDone: () => toast.say(t.files.restored) });
  const show = useAction('show-file');
  return (
    <li>
      <div className={css.thing}>
        <PathName path={path} />
        <p>
          {format.bytes(size)} · {t.trash.where[where]} · {t.trash.deleted(format.ago(deletedAt))}
        </p>
      </div>
      {where === 'vault' ? (
        <Button isBusy={restore.isPending} onClick={() => restore.mutate({ pair, path, revision: null })}>
          {t.files.bringBack}
        </Button>
      ) : info?.canOpenFiles === true ? (
        <Button onClick={() => show.mutate({ pair, path: `.holdfast/trash/${batch}/${path}` })}>
          {t.files.showHere}
        </Button>
      ) : null}
    </li>
  );
}
