import { useState } from 'react';
import { nameKey } from '../../src/common/name.ts';
import { printable } from '../../src/common/printable.ts';
import type { VaultInfo } from '../../src/rpc/app-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

interface DeleteVaultProps {
  readonly vault: Pick<VaultInfo, 'vault' | 'name'>;
  readonly onClose: () => void;
}

/** Asks for the vault's name besides the password: who types it knows which vault goes. */
export function DeleteVault({ vault: { vault, name }, onClose }: DeleteVaultProps) {
  const t = useMessages();
  const toast = useToast();
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const shown = printable(name);
  const isMeant = nameKey(typed) === nameKey(name) || typed === shown;
  const remove = useAction('delete-vault', {
    isQuiet: true,
    onDone: () => {
      toast.say(t.settings.vaultDeleted(shown));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t.settings.deleteVaultTitle(shown)}
      text={t.settings.deleteVaultText}
      verb={t.settings.deleteVaultDo}
      isDanger
      isComplete={isMeant && password !== ''}
      isBusy={remove.isPending}
      onSubmit={() => remove.mutate({ vault, name, password })}
      onClose={onClose}
    >
      <TextField label={t.settings.deleteVaultName} autoComplete="off" value={typed} onChange={setTyped} />
      <PasswordField label={t.welcome.password} value={password} onChange={setPassword} />
      <FailureNote error={remove.error} />
    </FormDialog>
  );
}
