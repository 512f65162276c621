import { File, Folder } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './issues.module.css';

const page = 200;

/** All that held deletions would take. */
export function HeldDialog({ pair, onClose }: { readonly pair: string; readonly onClose: () => void }) {
  const t = useMessages();
  const [shown, setShown] = useState(page);
  const { data, error } = useAnswer('held', { pair, offset: 0, limit: Math.min(shown, 1000) });
  const items = data?.items ?? [];
  const rest = (data?.total ?? 0) - items.length;
  return (
    <Dialog title={t.issues.heldTitle} text={t.common.entries(data?.total ?? 0)} isWide onClose={onClose}>
      <FailureNote error={error} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ul className={css.held} tabIndex={0} aria-label={t.issues.heldTitle}>
        {items.map(({ path, kind, direction }) => (
          <li key={`${direction} ${path}`}>
            {kind === 'folder' ? <Folder aria-hidden="true" /> : <File aria-hidden="true" />}
            <bdi>{path}</bdi>
            <span>{direction === 'up' ? t.issues.heldUp : t.issues.heldDown}</span>
          </li>
        ))}
      </ul>
      {rest > 0 ? (
        <Button look="quiet" disabled={shown >= 1000} onClick={() => setShown(shown + page)}>
          {t.preview.more(rest)}
        </Button>
      ) : null}
    </Dialog>
  );
}
