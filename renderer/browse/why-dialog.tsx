import type { NodeId } from '../../src/common/ids.ts';
import { useFormat, useMessages, usePhrase } from '../i18n/messages.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './details.module.css';

interface WhyDialogProps {
  readonly pair: string;
  readonly path: string;
  /** Which one of those that had this path; null: the one that is there. */
  readonly node: NodeId | null;
  readonly onClose: () => void;
}

/** Why a file is as it is: what is done about it, then what either side has and what was agreed. */
export function WhyDialog({ pair, path, node, onClose }: WhyDialogProps) {
  const t = useMessages();
  const format = useFormat();
  const phrase = usePhrase();
  const { data, error, refetch, isPending } = useAnswer('why', { pair, path, node });
  return (
    <Dialog title={t.why.title} onClose={onClose}>
      <p className={css.which}>
        <Name>{path}</Name>
      </p>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {isPending ? <Skeleton rows={4} /> : null}
      {data === undefined ? null : (
        <>
          <p className={css.rule}>{phrase(data.rule, data.path)}</p>
          {data.lastError === null ? null : (
            <div className={css.trouble}>
              <strong>{t.why.error}</strong>
              <p>{sentence(phrase(data.lastError))}</p>
              {data.nextTry === null ? null : <p>{t.why.next(format.clock(data.nextTry))}</p>}
            </div>
          )}
          <dl className={css.why}>
            <dt>{t.why.local}</dt>
            <dd>{phrase(data.local)}</dd>
            <dt>{t.why.remote}</dt>
            <dd>{phrase(data.remote)}</dd>
            <dt>{t.why.synced}</dt>
            <dd>{phrase(data.synced)}</dd>
          </dl>
        </>
      )}
    </Dialog>
  );
}

/** What the disk says is part of a sentence; here it stands alone. */
const sentence = (text: string): string =>
  `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
