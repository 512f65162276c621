import { Activity, Files, Folder, MonitorSmartphone, Settings, TriangleAlert } from 'lucide-react';
import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { address, type Screen } from '../state/route.ts';
import { type ShownState, useKnownState } from '../state/use-known-state.ts';
import { Mark } from './mark.tsx';
import css from './nav.module.css';

const places = [
  ['folders', Folder],
  ['files', Files],
  ['activity', Activity],
  ['issues', TriangleAlert],
  ['devices', MonitorSmartphone],
  ['settings', Settings],
] as const;

/** As many issues as there is room for beside a picture. */
const most = 999;

/** States that come and go with each file that is saved: nobody wants to hear of them each time. */
const usual: readonly ShownState[] = ['scanning', 'syncing', 'up-to-date'];

/** The way to every screen, and what goes on over all folders. */
export function Nav({ status, screen }: { readonly status: HomeStatus; readonly screen: Screen }) {
  const t = useMessages();
  const format = useFormat();
  const state = useKnownState(status.state);
  const issues = status.pairs.reduce((sum, pair) => sum + pair.issues, 0);
  return (
    <header className={css.side}>
      <button type="button" className={css.skip} onClick={() => document.getElementById('content')?.focus()}>
        {t.common.skip}
      </button>
      <div className={css.brand}>
        <Mark />
        <span>{t.app}</span>
      </div>
      <nav aria-label={t.nav.label}>
        <ul className={css.list}>
          {places.map(([name, Icon]) => (
            <li key={name}>
              <a className={css.link} href={address(name)} aria-current={screen === name ? 'page' : undefined}>
                <Icon aria-hidden="true" />
                <span>{t.nav[name]}</span>
                {name === 'issues' && issues > 0 ? (
                  <span className={css.count}>
                    <span aria-hidden="true">{issues > most ? `${most}+` : format.count(issues)}</span>
                    <span className="hidden">{t.nav.issueCount(issues)}</span>
                  </span>
                ) : null}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className={css.state} role="status" aria-live={usual.includes(state) ? 'off' : 'polite'}>
        <StateMark state={state} />
        <span>{state === 'unknown' ? t.offline.title : t.state[state]}</span>
      </div>
    </header>
  );
}
