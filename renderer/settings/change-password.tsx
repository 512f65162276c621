import { useId, useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';
import css from './settings.module.css';

const empty = { present: '', next: '', repeat: '' };

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const toast = useToast();
  const id = useId();
  const [typed, setTyped] = useState(empty);
  const change = useAction('change-password', {
    isQuiet: true,
    onDone: () => {
      toast.say(t.settings.passwordChanged);
      onClose();
    },
  });
  const set = (name: keyof typeof empty) => (value: string) => setTyped((before) => ({ ...before, [name]: value }));
  const isDifferent = typed.repeat !== '' && typed.repeat !== typed.next;
  const isComplete = typed.present !== '' && typed.next !== '' && typed.repeat === typed.next;
  return (
    <Dialog
      title={t.settings.passwordTitle}
      text={t.settings.passwordText}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button type="submit" form={id} look="strong" isBusy={change.isPending} disabled={!isComplete}>
            {t.settings.passwordDo}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={css.fields}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !change.isPending) {
            change.mutate({ password: typed.present, newPassword: typed.next });
          }
        }}
      >
        <PasswordField label={t.settings.presentPassword} value={typed.present} onChange={set('present')} />
        <PasswordField label={t.welcome.newPassword} value={typed.next} isNew onChange={set('next')} />
        <PasswordField
          label={t.welcome.repeat}
          value={typed.repeat}
          isNew
          problem={isDifferent ? t.welcome.different : null}
          onChange={set('repeat')}
        />
        <FailureNote error={change.error} />
      </form>
    </Dialog>
  );
}
