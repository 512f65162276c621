import { useRef, useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { FolderFields } from '../onboarding/folder-fields.tsx';
import { Preview } from '../onboarding/preview.tsx';
import { useFolderForm } from '../onboarding/use-folder-form.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useAction } from '../state/use-action.ts';
import css from './add-folder.module.css';

/** Another folder: which one, then what its first sync would do. Closed before it starts, nothing is left behind. */
export function AddFolder({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const [pair, setPair] = useState<string | null>(null);
  const isGivenUp = useRef(false);
  const start = useAction('resume', { isQuiet: true, onDone: onClose });
  const remove = useAction('remove');
  const form = useFolderForm((added) => (isGivenUp.current ? remove.mutate({ pair: added }) : setPair(added)));
  const giveUp = () => {
    isGivenUp.current = true;
    if (pair !== null) remove.mutate({ pair });
    onClose();
  };
  return (
    <Dialog
      title={pair === null ? t.folder.add : t.preview.title}
      text={pair === null ? t.folder.text : t.preview.text}
      isWide
      onClose={giveUp}
      footer={
        <>
          <Button onClick={giveUp}>{t.common.cancel}</Button>
          {pair === null ? (
            <Button look="strong" isBusy={form.isBusy} disabled={form.folder === ''} onClick={form.submit}>
              {t.folder.preview}
            </Button>
          ) : (
            <Button look="strong" isBusy={start.isPending} onClick={() => start.mutate({ pair })}>
              {t.preview.start}
            </Button>
          )}
        </>
      }
    >
      <div className={css.fields}>
        {pair === null ? <FolderFields form={form} /> : <Preview pair={pair} />}
        <FailureNote error={form.error ?? start.error} />
      </div>
    </Dialog>
  );
}
