import { CircleHelp, FolderOpen, RotateCcw, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { NodeId } from '../../src/common/ids.ts';
import { printable } from '../../src/common/printable.ts';
import type { VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Name } from '../parts/name.tsx';
import { Note } from '../parts/note.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { conflictOf } from './conflict-of.ts';
import css from './details.module.css';
import { OffButton } from './off-button.tsx';
import { Versions } from './versions.tsx';
import { WhyDialog } from './why-dialog.tsx';

/** What is shown of a file or folder; the list is not needed for it. */
export type Shown = Pick<VaultEntry, 'path' | 'name' | 'kind' | 'isDeleted'> & {
  /** Null where only the path is known. */
  readonly node: NodeId | null;
};

interface DetailsProps {
  readonly pair: string;
  readonly entry: Shown;
  readonly isOff: boolean;
  readonly onClose: () => void;
  /** Looks for what else has this in its name. */
  readonly onSearch: (name: string) => void;
}

/** A file or folder beside the list: what can be done with it, and a file's versions. */
export function Details({ pair, entry, isOff, onClose, onSearch }: DetailsProps) {
  const t = useMessages();
  const toast = useToast();
  const [isWhy, setWhy] = useState(false);
  const aside = useRef<HTMLElement>(null);
  // In a small window it lies over the list: who chose by a key would be behind it.
  useEffect(() => {
    const { current } = aside;
    if (current !== null && getComputedStyle(current).position === 'absolute') current.focus();
  }, []);
  const leave = ({ key }: KeyboardEvent) => {
    // A dialog of its own has the keys for itself, also in the frames until it has the focus.
    if (key === 'Escape' && document.querySelector('[role=dialog], [role=alertdialog]') === null) onClose();
  };
  const { data: info } = useAnswer('app-info', {});
  const show = useAction('show-file');
  const bringBack = useAction('restore', {
    onDone: () => {
      toast.say(t.files.restored);
      // It is no longer what is shown here: something deleted.
      onClose();
    },
  });
  const { node, path, name, kind, isDeleted } = entry;
  const conflict = isDeleted ? null : conflictOf(name);
  return (
    <aside ref={aside} tabIndex={-1} className={css.details} aria-label={t.files.details} onKeyDown={leave}>
      <div className={css.head}>
        <h2>
          <Name>{name}</Name>
        </h2>
        <IconButton label={t.common.close} icon={<X />} onClick={onClose} />
      </div>
      {conflict === null ? null : (
        <Note
          tone="warn"
          title={t.files.conflict}
          actions={
            <Button onClick={() => onSearch(conflict.original.replace(/\.[^.]+$/, ''))}>{t.files.showBoth}</Button>
          }
        >
          {t.files.conflictText(printable(conflict.original), printable(conflict.device))}
        </Note>
      )}
      <div className={css.buttons}>
        {isDeleted ? (
          <Button
            icon={<RotateCcw />}
            isBusy={bringBack.isPending}
            onClick={() => bringBack.mutate({ pair, path, node, revision: null })}
          >
            {t.files.bringBack}
          </Button>
        ) : null}
        {info?.canOpenFiles === true && !isDeleted && !isOff ? (
          <Button icon={<FolderOpen />} onClick={() => show.mutate({ pair, path })}>
            {t.files.showHere}
          </Button>
        ) : null}
        {isDeleted ? null : <OffButton pair={pair} entry={entry} isOff={isOff} />}
        <Button icon={<CircleHelp />} onClick={() => setWhy(true)}>
          {t.files.why}
        </Button>
      </div>
      {kind === 'file' ? (
        <Versions key={node} pair={pair} entry={entry} />
      ) : (
        <p className={css.none}>{t.files.noVersions}</p>
      )}
      {isWhy ? <WhyDialog pair={pair} path={path} node={node} onClose={() => setWhy(false)} /> : null}
    </aside>
  );
}
