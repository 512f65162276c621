import { Pause, Play } from 'lucide-react';
import type { PairStatus } from '../../src/model/status.ts';
import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { isAllPaused } from '../../src/rpc/is-all-paused.ts';
import { Recent } from '../activity/recent.tsx';
import { PairProgress } from '../home/pair-progress.tsx';
import { useMessages } from '../i18n/messages.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Name } from '../parts/name.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { address } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import { useKnownState } from '../state/use-known-state.ts';
import { useStateHint } from '../state/use-state-hint.ts';
import css from './popup.module.css';

/** The window in small, at the tray. */
export function Popup({ status }: { readonly status: HomeStatus }) {
  const t = useMessages();
  const pause = useAction('pause');
  const resume = useAction('resume');
  const { pairs } = status;
  const state = useKnownState(status.state);
  const hint = useStateHint(status);
  const isPaused = isAllPaused(pairs);
  const issues = pairs.reduce((sum, pair) => sum + pair.issues, 0);
  const toggle = () => (isPaused ? resume.mutate({ pair: null }) : pause.mutate({ pair: null, minutes: null }));
  return (
    <main className={css.popup} data-bare={pairs.length === 0}>
      <header className={css.head}>
        <StateMark state={state} isLarge />
        <div>
          <h1>{state === 'unknown' ? t.offline.title : t.state[state]}</h1>
          {/* This one closes by itself. */}
          {state === 'syncing' ? null : <p>{hint}</p>}
        </div>
        {pairs.length === 0 ? null : (
          <IconButton
            label={isPaused ? t.home.resumeAll : t.home.pauseAll}
            icon={isPaused ? <Play /> : <Pause />}
            onClick={toggle}
          />
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={css.body} tabIndex={0} aria-label={t.nav.folders}>
        <ul className={css.pairs}>
          {pairs.map((each) => (
            <li key={each.pair}>
              <PairLine status={each} />
              <PairProgress status={each} />
            </li>
          ))}
        </ul>
        {pairs.length === 0 ? null : <Recent />}
      </section>
      <footer className={css.foot}>
        <a href={address('folders')}>{t.popup.open}</a>
        {issues === 0 ? null : (
          <a className={css.issues} href={address('issues')}>
            {t.home.issuesOf(issues)}
          </a>
        )}
      </footer>
    </main>
  );
}

function PairLine({ status }: { readonly status: PairStatus }) {
  const t = useMessages();
  const state = useKnownState(status.state);
  return (
    <div className={css.pair}>
      <StateMark state={state} />
      <Name>{status.vaultName}</Name>
      <span>{t.state[state]}</span>
    </div>
  );
}
