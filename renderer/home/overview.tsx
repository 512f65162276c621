import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useLine } from '../state/line.ts';
import css from './overview.module.css';
import { ThroughputChart } from './throughput-chart.tsx';

/** How it is over all folders, with the last minutes as a picture. */
export function Overview({ status }: { readonly status: HomeStatus }) {
  const t = useMessages();
  // What was known last is no news while nobody answers; that is said above.
  if (!useLine()) return null;
  return (
    <section className={css.overview} aria-label={t.state[status.state]}>
      <StateMark state={status.state} isLarge />
      <div className={css.words}>
        <h2>{t.state[status.state]}</h2>
        <p>{t.stateHint[status.state]}</p>
      </div>
      <ThroughputChart />
    </section>
  );
}
