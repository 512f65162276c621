import { table } from '../report/markdown-table.ts';
import type { IdleCost } from './idle-clients.ts';
import type { LoadCost } from './load.ts';

const short = (value: number): string => String(Number(value.toPrecision(3)));

export function serverTable(loads: readonly LoadCost[], idle: IdleCost | null): string {
  const rows = loads.map((load) => [
    load.what,
    short(load.perSecond),
    short(load.mbPerSecond),
    short(load.p50Ms),
    short(load.p99Ms),
    short((load.serverCpuSeconds / load.done) * 1000),
    short(load.serverPeakMb),
  ]);
  const heads = [
    '',
    'requests a second',
    'MB/s',
    'median ms',
    '99th percentile ms',
    'server CPU ms each',
    'server peak MB',
  ];
  const tables = [table(heads, rows)];
  if (idle !== null) {
    const numbers = [idle.clients, idle.openSeconds, idle.cpuPercent, idle.ownMemoryMb, idle.kibPerClient, idle.hintMs];
    const names = [
      'idle clients',
      'all there after s',
      'CPU %',
      'own memory MB',
      'KiB a client',
      'hint to its 60 clients ms',
    ];
    tables.push(table(names, [numbers.map(short)]));
  }
  return `${tables.join('\n\n')}\n`;
}
