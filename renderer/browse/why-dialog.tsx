import { useFormat, useMessages, usePhrase } from '../i18n/messages.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './details.module.css';

interface WhyDialogProps {
  readonly pair: string;
  readonly path: string;
  readonly onClose: () => void;
}

/** Why a file is as it is: what either side has, what was agreed, and what is done about it. */
export function WhyDialog({ pair, path, onClose }: WhyDialogProps) {
  const t = useMessages();
  const format = useFormat();
  const phrase = usePhrase();
  const { data, error } = useAnswer('why', { pair, path });
  return (
    <Dialog title={t.why.title} text={path} onClose={onClose}>
      <FailureNote error={error} />
      {data === undefined ? null : (
        <dl className={css.why}>
          <dt>{t.why.rule}</dt>
          <dd className={css.rule}>{phrase(data.rule)}</dd>
          <dt>{t.why.local}</dt>
          <dd>{phrase(data.local)}</dd>
          <dt>{t.why.remote}</dt>
          <dd>{phrase(data.remote)}</dd>
          <dt>{t.why.synced}</dt>
          <dd>{phrase(data.synced)}</dd>
          {data.lastError === null ? null : (
            <>
              <dt>{t.why.error}</dt>
              <dd>{phrase(data.lastError)}</dd>
            </>
          )}
          {data.nextTry === null ? null : (
            <>
              <dt>{t.why.next}</dt>
              <dd>{format.moment(data.nextTry)}</dd>
            </>
          )}
        </dl>
      )}
    </Dialog>
  );
}
