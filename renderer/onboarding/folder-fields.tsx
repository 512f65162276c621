import { printable } from '../../src/common/printable.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import css from './onboarding.module.css';
import { useFolderChoice } from './use-folder-choice.tsx';
import type { FolderForm } from './use-folder-form.ts';
import { vaultLabels } from './vault-labels.ts';

/** The folder, by the system's dialog where there is one, and the vault if there is a choice. */
export function FolderFields({ form }: { readonly form: FolderForm }) {
  const t = useMessages();
  const format = useFormat();
  const { choose, picker } = useFolderChoice(form.setFolder);
  return (
    <>
      <div className={css.line}>
        <TextField label={t.folder.path} value={form.folder} onChange={form.setFolder} dir="ltr" data-first />
        <Button onClick={choose}>{t.folder.browse}</Button>
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
      {picker}
    </>
  );
}
