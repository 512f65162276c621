import { printable } from '../../src/common/printable.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { useProblemText } from '../parts/failure-note.tsx';
import { PathName } from '../parts/path-name.tsx';
import { useAnswer } from '../state/queries.ts';
import { address } from '../state/route.ts';
import type { PairActivity } from './activity-batch.tsx';
import { ChangeIcon } from './change-icon.tsx';
import css from './recent.module.css';
import { useWhatWasDone } from './use-what-was-done.ts';

const count = 6;

/** The latest changes over all folders: who, when, and of many at once the first. */
export function Recent() {
  const t = useMessages();
  const problem = useProblemText();
  const { data, error } = useAnswer('activity', { pair: null, limit: count, before: null });
  return (
    <section>
      <h2 className={css.title}>{t.activity.recent}</h2>
      {data === undefined && error !== null ? <p className={css.none}>{problem(error)}</p> : null}
      {data?.activity.length === 0 ? <p className={css.none}>{t.activity.noneYet}</p> : null}
      <ul>
        {data?.activity.map((item) => (
          <RecentBatch key={`${item.pair} ${item.batch}`} item={item} />
        ))}
      </ul>
    </section>
  );
}

function RecentBatch({ item }: { readonly item: PairActivity }) {
  const t = useMessages();
  const format = useFormat();
  const whatWasDone = useWhatWasDone();
  const [change] = item.changes;
  if (change === undefined) return null;
  const parts = change.path.split('/');
  const isOne = item.changeCount === 1;
  return (
    <li className={css.batch}>
      <ChangeIcon change={change} />
      <span className="hidden">{whatWasDone(change.what)}</span>
      <div className={css.words}>
        <div className={css.what}>
          <PathName
            path={isOne ? change.path : (parts.at(-1) ?? '')}
            href={address('files', item.pair, ...parts.slice(0, -1))}
          />
          {isOne ? null : <span>{t.preview.more(item.changeCount - 1)}</span>}
        </div>
        <p>
          <bdi>{printable(item.deviceName)}</bdi> ·{' '}
          <time dateTime={new Date(item.time).toISOString()}>{format.ago(item.time)}</time>
        </p>
      </div>
    </li>
  );
}
