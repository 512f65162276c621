import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { KeepWords } from '../parts/keep-words.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { RecoveryWords } from '../parts/recovery-words.tsx';
import { useAction } from '../state/use-action.ts';
import { useKeepPage } from '../state/use-keep-page.ts';

interface ChangeWordsProps {
  readonly email: string;
  readonly onClose: () => void;
}

/** Asks for the password, then shows the new words until the person says that they are kept. */
export function ChangeWords({ email, onClose }: ChangeWordsProps) {
  const t = useMessages();
  const [password, setPassword] = useState('');
  const change = useAction('change-words', { isQuiet: true });
  const confirm = useAction('confirm-words');
  const words = change.data?.recovery.split(' ');
  useKeepPage(words !== undefined || change.isPending);
  if (words === undefined) {
    return (
      <FormDialog
        title={t.settings.wordsTitle}
        text={t.settings.wordsText}
        verb={t.settings.wordsDo}
        isComplete={password !== ''}
        isBusy={change.isPending}
        onSubmit={() => change.mutate({ password, isAskingBack: true })}
        onClose={onClose}
      >
        <PasswordField label={t.welcome.password} value={password} onChange={setPassword} />
        <FailureNote error={change.error} />
      </FormDialog>
    );
  }
  return (
    <Dialog
      title={t.words.title}
      text={t.words.text}
      isWide
      footer={
        <>
          <KeepWords email={email} words={words} />
          <Button
            look="strong"
            onClick={() => {
              confirm.mutate({});
              onClose();
            }}
          >
            {t.words.next}
          </Button>
        </>
      }
    >
      <RecoveryWords words={words} />
    </Dialog>
  );
}
