import type { ThroughputSample } from '../../src/rpc/app-report.ts';

/** Milliseconds from one side of the chart to the other. */
export const chartWindow = 3 * 60_000;

interface ChartBox {
  readonly now: number;
  /** Bytes a second at the upper edge. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Samples that far apart have nothing in between: the line goes down to the ground. */
const gap = 5000;

/** A line through the samples as an SVG path; on the ground where there are none. */
export function chartLine(
  samples: readonly ThroughputSample[],
  key: 'up' | 'down',
  { now, top, width, height }: ChartBox,
): string {
  const x = (time: number): string => (width * (1 - (now - time) / chartWindow)).toFixed(1);
  const y = (value: number): string => (height - 2 - (height - 6) * (value / top)).toFixed(1);
  let path = `M0 ${y(0)}`;
  let last = now - chartWindow;
  for (const sample of samples) {
    if (sample.time - last > gap) path += `L${x(last)} ${y(0)}L${x(sample.time)} ${y(0)}`;
    path += `L${x(sample.time)} ${y(sample[key])}`;
    last = sample.time;
  }
  return now - last > gap ? `${path}L${x(last)} ${y(0)}L${width} ${y(0)}` : path;
}
