import { useMessages } from '../i18n/messages.tsx';
import { Note } from '../parts/note.tsx';
import { isInBrowser } from '../state/is-in-browser.ts';
import { useLine } from '../state/line.ts';
import css from './shell.module.css';

/** Says that what is shown may be old, while the engine does not answer. */
export function LostLine() {
  const t = useMessages();
  const isThere = useLine();
  if (isThere) return null;
  return (
    <div className={css.lost}>
      <Note tone="bad" title={t.offline.title}>
        {t.offline.text} {isInBrowser() ? t.offline.again : null}
      </Note>
    </div>
  );
}
