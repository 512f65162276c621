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
  const answer = useAnswer('folders', { folder });
  /** Where a person is: what cannot be listed is not gone into. */
  const [listed, setListed] = useState(answer.data);
  if (answer.data !== undefined && answer.data !== listed) setListed(answer.data);
  return (
    <Dialog
      title={t.folder.pick}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="strong" disabled={listed === undefined} onClick={() => listed && onPick(listed.folder)}>
            {t.folder.use}
          </Button>
        </>
      }
    >
      <div className={css.bar}>
        <Button
          icon={<CornerLeftUp />}
          disabled={listed?.parent == null}
          onClick={() => setFolder(listed?.parent ?? null)}
        >
          {t.folder.up}
        </Button>
        <code className={css.path} dir="ltr">
          {listed === undefined ? '' : printable(listed.folder)}
        </code>
      </div>
      <FailureNote error={answer.error} />
      <ul className={css.list}>
        {listed?.folders.map(({ name, path }) => (
          <li key={path}>
            {/* The second click of two is on what the first one has opened. */}
            <button type="button" className={css.folder} onClick={({ detail }) => detail < 2 && setFolder(path)}>
              <Folder aria-hidden="true" />
              <Name>{name}</Name>
            </button>
          </li>
        ))}
        {listed?.folders.length === 0 ? <li className={css.empty}>{t.folder.empty}</li> : null}
      </ul>
    </Dialog>
  );
}
