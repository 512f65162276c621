import { useEffect } from 'react';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { useAnswer } from '../state/queries.ts';
import { chartLine, chartWindow } from './chart-line.ts';
import css from './overview.module.css';

const width = 240;
const height = 48;

/** The last minutes: what was sent and received. Nothing is drawn where nothing moved. */
export function ThroughputChart() {
  const t = useMessages();
  const format = useFormat();
  const { data, refetch } = useAnswer('throughput', {});
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void refetch(), 2000);
    return () => clearInterval(timer);
  }, [refetch]);

  const now = Date.now();
  const samples = (data?.samples ?? []).filter(({ time }) => time > now - chartWindow);
  if (samples.length < 2) return null;
  const peak = (key: 'up' | 'down'): number => Math.max(...samples.map((sample) => sample[key]));
  const speed = (bytes: number): string => t.common.perSecond(format.bytes(bytes));
  const top = Math.max(peak('up'), peak('down'), 1);
  return (
    <figure className={css.chart}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${t.chart.title}: ${t.chart.summary(speed(peak('up')), speed(peak('down')))}`}
      >
        <line className={css.base} x1="0" x2={width} y1={height} y2={height} />
        <path className={css.area} d={`${chartLine(samples, 'up', { now, top, width, height })}V${height}H0Z`} />
        <path className={css.down} d={chartLine(samples, 'down', { now, top, width, height })} />
        <path className={css.up} d={chartLine(samples, 'up', { now, top, width, height })} />
      </svg>
      <figcaption className={css.legend} aria-hidden="true">
        <span>{t.chart.sentMost(speed(peak('up')))}</span>
        <span>{t.chart.receivedMost(speed(peak('down')))}</span>
      </figcaption>
    </figure>
  );
}
