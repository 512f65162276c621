import { CircleHelp, FolderOpen, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './details.module.css';
import { Versions } from './versions.tsx';
import { WhyDialog } from './why-dialog.tsx';

interface DetailsProps {
  readonly pair: string;
  readonly entry: VaultEntry;
  readonly onClose: () => void;
}

/** A file beside the list: its versions and what can be done with it. */
export function Details({ pair, entry, onClose }: DetailsProps) {
  const t = useMessages();
  const toast = useToast();
  const [isWhy, setWhy] = useState(false);
  const { data: info } = useAnswer('app-info', {});
  const show = useAction('show-file');
  const bringBack = useAction('restore', { onDone: () => toast.say(t.files.restored) });
  const { path, name, kind, isDeleted } = entry;
  return (
    <aside className={css.details} aria-label={t.files.details}>
      <div className={css.head}>
        <h2>{name}</h2>
        <IconButton label={t.common.close} icon={<X />} onClick={onClose} />
      </div>
      <div className={css.buttons}>
        {isDeleted ? (
          <Button
            icon={<RotateCcw />}
            isBusy={bringBack.isPending}
            onClick={() => bringBack.mutate({ pair, path, revision: null })}
          >
            {t.files.bringBack}
          </Button>
        ) : null}
        {info?.canOpenFiles === true && !isDeleted ? (
          <Button icon={<FolderOpen />} onClick={() => show.mutate({ pair, path })}>
            {t.files.showHere}
          </Button>
        ) : null}
        <Button icon={<CircleHelp />} onClick={() => setWhy(true)}>
          {t.files.why}
        </Button>
      </div>
      {kind === 'file' ? <Versions pair={pair} entry={entry} /> : <p>{t.files.noVersions}</p>}
      {isWhy ? <WhyDialog pair={pair} path={path} onClose={() => setWhy(false)} /> : null}
    </aside>
  );
}
