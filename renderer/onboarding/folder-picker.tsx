import { CornerLeftUp, Folder } from 'lucide-react';
import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './folder-picker.module.css';

interface FolderPickerProps {
  readonly onPick: (folder: string) => void;
  readonly onClose: () => void;
}

/** A folder of this computer, where no system dialog is at hand. */
export function FolderPicker({ onPick, onClose }: FolderPickerProps) {
  const t = useMessages();
  const [folder, setFolder] = useState<string | null>(null);
  const { data, error } = useAnswer('folders', { folder });
  return (
    <Dialog
      title={t.folder.pick}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="strong" disabled={data === undefined} onClick={() => data && onPick(data.folder)}>
            {t.folder.use}
          </Button>
        </>
      }
    >
      <div className={css.bar}>
        <Button icon={<CornerLeftUp />} disabled={data?.parent == null} onClick={() => setFolder(data?.parent ?? null)}>
          {t.folder.up}
        </Button>
        <code className={css.path} dir="ltr">
          {data === undefined ? '' : printable(data.folder)}
        </code>
      </div>
      <FailureNote error={error} />
      <ul className={css.list}>
        {data?.folders.map(({ name, path }) => (
          <li key={path}>
            <button type="button" className={css.folder} onClick={() => setFolder(path)}>
              <Folder aria-hidden="true" />
              <Name>{name}</Name>
            </button>
          </li>
        ))}
        {data?.folders.length === 0 ? <li className={css.empty}>{t.folder.empty}</li> : null}
      </ul>
    </Dialog>
  );
}
