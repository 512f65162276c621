import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useLine } from '../state/line.ts';
import css from './overview.module.css';
import { ThroughputChart } from './throughput-chart.tsx';

/** How it is over all folders, with the last minutes as a picture; nothing is claimed while nobody answers. */
export function Overview({ status }: { readonly status: HomeStatus }) {
  const t = useMessages();
  const isThere = useLine();
  const title = isThere ? t.state[status.state] : t.offline.last;
  return (
    <section className={css.overview} aria-label={title}>
      <StateMark state={isThere ? status.state : 'offline'} isLarge />
      <div className={css.words}>
        <h2>{title}</h2>
        <p>{isThere ? t.stateHint[status.state] : t.offline.lastHint}</p>
      </div>
      <ThroughputChart />
    </section>
  );
}
