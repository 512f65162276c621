import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FolderFields } from './folder-fields.tsx';
import css from './onboarding.module.css';
import { Step } from './step.tsx';
import { type FolderChoice, useFolderForm } from './use-folder-form.ts';

interface FolderStepProps {
  readonly before: FolderChoice | null;
  readonly onAdded: (pair: string, choice: FolderChoice) => void;
  readonly onLater: () => void;
}

/** Which folder is synced with which vault. */
export function FolderStep({ before, onAdded, onLater }: FolderStepProps) {
  const t = useMessages();
  const form = useFolderForm(onAdded, before);
  return (
    <Step
      title={t.folder.title}
      text={t.folder.text}
      onSubmit={form.submit}
      footer={
        <>
          <Button look="quiet" onClick={onLater}>
            {t.folder.later}
          </Button>
          <Button type="submit" look="strong" isBusy={form.isBusy} disabled={form.folder === ''}>
            {form.isBusy ? t.folder.looking : t.common.next}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <FolderFields form={form} />
      </div>
      <FailureNote error={form.error} />
    </Step>
  );
}
