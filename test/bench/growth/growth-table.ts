import type { Cost } from '../measure/measure.ts';
import { table } from '../report/markdown-table.ts';
import type { GrowthResults } from './growth-results.ts';

/** The curve: each cost as a whole, and by file or MiB, where flat means that it does not grow. */
export function growthTable({ trees, large, nodes }: GrowthResults): string {
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const cpu = (cost: Cost): number => cost.deviceCpuSeconds + cost.serverCpuSeconds;
  const bootstrap = (cost: Cost | null): string =>
    cost === null ? 'none' : `${short(cost.wallSeconds)} s, ${short(cost.devicePeakMb)} MB`;
  const rows = trees
    .toSorted((one, two) => one.bytes - two.bytes || one.files - two.files || two.folders - one.folders)
    .map((tree) => {
      const perFile = (seconds: number): string => short((seconds * 1e6) / tree.files);
      return [
        tree.files.toLocaleString('en'),
        tree.folders.toLocaleString('en'),
        String(tree.bytes),
        short(tree.first.wallSeconds),
        perFile(cpu(tree.first)),
        short(tree.first.devicePeakMb),
        short(tree.first.serverPeakMb),
        short(tree.indexBytes / tree.files),
        short(tree.again.wallSeconds),
        perFile(cpu(tree.again)),
        short(tree.again.devicePeakMb),
        short(tree.one.wallSeconds),
        short(tree.watchedMs),
        short(tree.watchedPeakMb),
        bootstrap(tree.fromCheckpoint),
        bootstrap(tree.fromLog),
      ];
    });
  const heads = [
    'files',
    'folders',
    'bytes each',
    'first sync s',
    'CPU µs a file',
    'device MB',
    'server MB',
    'index bytes a file',
    'nothing changed s',
    'CPU µs a file',
    'device MB',
    'one changed, cold s',
    'one saved, watched ms',
    'daemon MB',
    'new device, checkpoint',
    'new device, whole log',
  ];
  const bytes = large
    .toSorted((one, two) => one.mib - two.mib)
    .map(({ mib, up, down }) => [
      String(mib),
      ...[up, down].flatMap((cost) => [
        short(cost.wallSeconds),
        short((cpu(cost) * 1e3) / mib),
        short(cost.devicePeakMb),
        short(cost.serverPeakMb),
      ]),
    ]);
  const part = (way: string): string[] => [`${way} s`, 'CPU ms a MiB', 'device MB', 'server MB'];
  const devices = nodes
    .toSorted((one, two) => one.nodes - two.nodes)
    .map((one) => [
      one.nodes.toLocaleString('en'),
      short(one.logMb),
      ...[one.fromCheckpoint, one.fromLog].flatMap((cost) =>
        cost === null
          ? ['not due', '', '', '', '', '']
          : [
              short(cost.seconds),
              short((cost.cpuSeconds * 1e6) / one.nodes),
              short(cost.peakMb),
              short((cost.indexMb * 1e6) / one.nodes),
              short(cost.plan.seconds),
              short(cost.plan.peakMb),
            ],
      ),
    ]);
  const columns = (way: string): string[] => [`${way} s`, 'CPU µs a node', 'MB', 'index bytes a node', 'plan s', 'MB'];
  const tables = [
    [heads, rows],
    [['MiB', ...part('up'), ...part('down')], bytes],
    [['nodes', 'log MB', ...columns('from checkpoint'), ...columns('from the log')], devices],
  ] as const;
  return tables
    .filter(([, found]) => found.length > 0)
    .map(([names, found]) => `${table(names, found)}\n`)
    .join('\n');
}
