import { Pause, Play } from 'lucide-react';
import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { ActivityChange } from '../activity/activity-change.tsx';
import { usePairActivity } from '../activity/use-pair-activity.ts';
import { PairProgress } from '../home/pair-progress.tsx';
import { useMessages } from '../i18n/messages.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { address } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import css from './popup.module.css';

const recent = 6;

/** The window in small, at the tray. */
export function Popup({ status }: { readonly status: HomeStatus }) {
  const t = useMessages();
  const { items, pair } = usePairActivity(status.pairs);
  const pause = useAction('pause');
  const resume = useAction('resume');
  const isPaused = status.state === 'paused';
  const toggle = () => {
    for (const each of status.pairs) {
      if (isPaused) resume.mutate({ pair: each.pair });
      else pause.mutate({ pair: each.pair, minutes: null });
    }
  };
  const changes = items.flatMap(({ batch, changes: of }) =>
    of.map((change, at) => ({ change, key: `${batch} ${at}` })),
  );
  return (
    <main className={css.popup}>
      <header className={css.head}>
        <StateMark state={status.state} isLarge />
        <h1>{t.state[status.state]}</h1>
        {status.pairs.length === 0 ? null : (
          <IconButton
            label={isPaused ? t.home.resumeAll : t.home.pauseAll}
            icon={isPaused ? <Play /> : <Pause />}
            onClick={toggle}
          />
        )}
      </header>
      <p className={css.hint}>{t.stateHint[status.state]}</p>
      <ul className={css.pairs}>
        {status.pairs.map((each) => (
          <li key={each.pair}>
            <div className={css.pair}>
              <StateMark state={each.state} />
              <bdi>{each.vaultName}</bdi>
              <span>{t.state[each.state]}</span>
            </div>
            <PairProgress status={each} />
          </li>
        ))}
      </ul>
      <h2>{t.popup.recent}</h2>
      {changes.length === 0 ? <p className={css.hint}>{t.popup.none}</p> : null}
      <ul>
        {changes.slice(0, recent).map(({ change, key }) => (
          <ActivityChange key={key} change={change} pair={pair} />
        ))}
      </ul>
      <a className={css.open} href={address('folders')}>
        {t.popup.open}
      </a>
    </main>
  );
}
