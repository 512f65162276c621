import { ArrowDown, ArrowUp } from 'lucide-react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { useKnownState } from '../state/use-known-state.ts';
import css from './pair-card.module.css';
import { progressOf } from './progress-of.ts';

/** How far a sync is, how fast it goes, and how long it still takes; nothing while nothing moves. */
export function PairProgress({ status }: { readonly status: PairStatus }) {
  const t = useMessages();
  const format = useFormat();
  const state = useKnownState(status.state);
  if (state !== 'syncing' && state !== 'scanning') return null;
  const { part, bytesDone, bytesTotal, filesDone, filesTotal, left } = progressOf(status);
  const speed = (bytes: number): string => t.common.perSecond(format.bytes(bytes));
  return (
    <div className={css.progress}>
      <ProgressBar label={t.home.progressOf(printable(status.vaultName))} value={part} />
      <div className={css.amounts}>
        {part === null ? null : (
          <span>
            {bytesTotal > 0
              ? t.home.of(format.bytes(bytesDone), format.bytes(bytesTotal))
              : t.home.of(format.count(filesDone), t.common.files(filesTotal))}
          </span>
        )}
        {status.up.bytesPerSecond > 0 ? (
          <span>
            <ArrowUp aria-label={t.chart.sent} role="img" />
            {speed(status.up.bytesPerSecond)}
          </span>
        ) : null}
        {status.down.bytesPerSecond > 0 ? (
          <span>
            <ArrowDown aria-label={t.chart.received} role="img" />
            {speed(status.down.bytesPerSecond)}
          </span>
        ) : null}
        {left === null ? null : <span className={css.left}>{t.home.left(format.span(left))}</span>}
      </div>
    </div>
  );
}
