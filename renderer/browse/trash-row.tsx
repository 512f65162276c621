import { FolderOpen } from 'lucide-react';
import { printable } from '../../src/common/printable.ts';
import type { TrashItem } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { PathName } from '../parts/path-name.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './trash.module.css';

/** From the vault it comes back on all computers; a file kept here comes back into its folder, and can be looked at before. */
export function TrashRow({ pair, item }: { readonly pair: string; readonly item: TrashItem }) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const { batch, copy, path, size, deletedAt, where } = item;
  const { data: info } = useAnswer('app-info', {});
  const restore = useAction('restore-trashed', {
    onDone: (back) => toast.say(back.path === null ? t.files.restored : t.trash.back(printable(back.path))),
  });
  const show = useAction('show-file');
  return (
    <li className={css.item}>
      <div className={css.thing}>
        <PathName path={path} />
        <p>
          {format.bytes(size)} · {t.trash.since[where](format.ago(deletedAt))}
        </p>
      </div>
      {where === 'local' && info?.canOpenFiles === true ? (
        <IconButton
          label={t.files.showHere}
          icon={<FolderOpen />}
          onClick={() =>
            show.mutate({ pair, path: `.holdfast/trash/${copy === 1 ? batch : `${batch}.${copy}`}/${path}` })
          }
        />
      ) : null}
      <Button isBusy={restore.isPending} onClick={() => restore.mutate({ pair, path, batch, copy, where })}>
        {t.files.bringBack}
      </Button>
    </li>
  );
}
