import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './details.module.css';

const shown = 500;

/** What was deleted or replaced and can still be had. */
export function TrashDialog({ pair, onClose }: { readonly pair: string; readonly onClose: () => void }) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const { data, error } = useAnswer('trash', { pair });
  const restore = useAction('restore', { onDone: () => toast.say(t.files.restored) });
  const items = data?.trash ?? [];
  return (
    <Dialog title={t.trash.title} text={t.trash.text} isWide onClose={onClose}>
      <FailureNote error={error} />
      {data !== undefined && items.length === 0 ? <p>{t.trash.empty}</p> : null}
      <ul className={css.trash}>
        {items.slice(0, shown).map(({ batch, path, size, deletedAt, where }) => (
          <li key={`${where} ${batch} ${path}`}>
            <div>
              <bdi>{path}</bdi>
              <p>
                {format.bytes(size)} · {t.trash.where[where]} · {t.trash.deleted(format.ago(deletedAt))}
              </p>
            </div>
            {where === 'vault' ? (
              <Button
                isBusy={restore.isPending && restore.variables.path === path}
                onClick={() => restore.mutate({ pair, path, revision: null })}
              >
                {t.files.bringBack}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {items.length > shown ? <p>{t.preview.more(items.length - shown)}</p> : null}
    </Dialog>
  );
}
