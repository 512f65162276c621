import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

/** For a server that has moved: all goes on there, and nothing has to be added again. */
export function ChangeServer({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  const t = useMessages();
  const toast = useToast();
  const [typed, setTyped] = useState(address);
  const change = useAction('change-server', {
    isQuiet: true,
    onDone: () => {
      toast.say(t.settings.serverChanged);
      onClose();
    },
  });
  return (
    <FormDialog
      title={t.settings.serverTitle}
      text={t.settings.serverText}
      verb={t.settings.serverDo}
      isComplete={typed.trim() !== '' && typed.trim() !== address}
      isBusy={change.isPending}
      onSubmit={() => change.mutate({ server: typed.trim() })}
      onClose={onClose}
    >
      <TextField
        label={t.welcome.address}
        hint={t.welcome.addressHint}
        value={typed}
        onChange={setTyped}
        dir="ltr"
        data-first
      />
      <FailureNote error={change.error} />
    </FormDialog>
  );
}
