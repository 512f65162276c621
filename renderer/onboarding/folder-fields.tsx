import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useAction } from '../state/use-action.ts';
import { FolderPicker } from './folder-picker.tsx';
import css from './onboarding.module.css';
import type { FolderForm } from './use-folder-form.ts';
import { vaultLabels } from './vault-labels.ts';

/** The folder, by the system's dialog where there is one, and the vault if there is a choice. */
export function FolderFields({ form }: { readonly form: FolderForm }) {
  const t = useMessages();
  const format = useFormat();
  const [isPicking, setPicking] = useState(false);
  const ask = useAction('choose-folder', { onDone: ({ folder }) => folder !== null && form.setFolder(folder) });
  return (
    <>
      <div className={css.line}>
        <TextField label={t.folder.path} value={form.folder} onChange={form.setFolder} dir="ltr" data-first />
        <Button onClick={() => (form.canChooseFolder ? ask.mutate({}) : setPicking(true))}>{t.folder.browse}</Button>
      </div>
      {form.free.length === 0 && !form.isRenamed ? null : (
        <SelectField
          label={t.folder.vault}
          hint={t.folder.vaultHint}
          value={form.vault}
          options={[
            ...vaultLabels(form.free, format.bytes).map(({ vault, label }) => ({ value: vault as string, label })),
            { value: '', label: t.folder.newVault(printable(form.newVault)) },
          ]}
          onChange={form.setVault}
        />
      )}
      {isPicking ? (
        <FolderPicker
          onClose={() => setPicking(false)}
          onPick={(folder) => {
            form.setFolder(folder);
            setPicking(false);
          }}
        />
      ) : null}
    </>
  );
}
