import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

/** Asks for the account's e-mail address besides the password: who types it knows which account goes. */
export function DeleteAccount({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const toast = useToast();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const remove = useAction('delete-account', {
    isQuiet: true,
    onDone: () => {
      toast.say(t.settings.accountDeleted);
      onClose();
    },
  });
  return (
    <FormDialog
      title={t.settings.deleteTitle}
      text={t.settings.deleteText}
      verb={t.settings.deleteDo}
      isDanger
      isComplete={email !== '' && password !== ''}
      isBusy={remove.isPending}
      onSubmit={() => remove.mutate({ email, password })}
      onClose={onClose}
    >
      <TextField label={t.settings.deleteEmail} type="email" autoComplete="off" value={email} onChange={setEmail} />
      <PasswordField label={t.welcome.password} value={password} onChange={setPassword} />
      <FailureNote error={remove.error} />
    </FormDialog>
  );
}
