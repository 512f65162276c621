import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

const empty = { present: '', next: '', repeat: '' };

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const toast = useToast();
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
  return (
    <FormDialog
      title={t.settings.passwordTitle}
      text={t.settings.passwordText}
      verb={t.settings.passwordDo}
      isComplete={typed.present !== '' && typed.next !== '' && typed.repeat === typed.next}
      isBusy={change.isPending}
      onSubmit={() => change.mutate({ password: typed.present, newPassword: typed.next })}
      onClose={onClose}
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
    </FormDialog>
  );
}
