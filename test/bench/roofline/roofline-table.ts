import { table } from '../report/markdown-table.ts';
import { medianOf, type Summary } from '../report/summary.ts';
import type { Limit } from './limits.ts';

/** How far each contestant is from what the machine could do. */
export function rooflineTable(limits: readonly Limit[], summary: Summary, peers: readonly string[]): string {
  const rows = limits.map(({ measure, cpu, diskSeconds, seconds }) => {
    const parts = Object.entries(cpu).map(([part, spent]) => `${part} ${spent.toFixed(2)}`);
    const far = peers.map((peer) => {
      const wall = medianOf(summary, measure, peer, 'wallSeconds');
      return wall === null ? '–' : `${(wall / seconds).toFixed(1)} ×`;
    });
    return [measure, parts.join(', '), diskSeconds.toFixed(2), seconds.toFixed(2), ...far];
  });
  return table(['', 'CPU s by part', 'disk s', 'limit s', ...peers], rows);
}
