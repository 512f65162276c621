import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useKnownState } from '../state/use-known-state.ts';
import { useStateHint } from '../state/use-state-hint.ts';
import css from './overview.module.css';
import { ThroughputChart } from './throughput-chart.tsx';

/** How it is over all folders, with the last minutes as a picture; nothing is claimed while nobody answers. */
export function Overview({ status }: { readonly status: HomeStatus }) {
  const t = useMessages();
  const state = useKnownState(status.state);
  const hint = useStateHint(status);
  const title = state === 'unknown' ? t.offline.last : t.state[state];
  return (
    <section className={css.overview} aria-label={title}>
      <StateMark state={state} isLarge />
      <div className={css.words}>
        <h2>{title}</h2>
        <p>{hint}</p>
      </div>
      <ThroughputChart />
    </section>
  );
}
