import type { Results } from '../results.ts';
import { rooflineTable } from '../roofline/roofline-table.ts';
import { comparable } from './comparable.ts';
import { table } from './markdown-table.ts';
import { measuresIn, type Summary, summarise } from './summary.ts';
import { targets } from './targets.ts';

interface Column {
  readonly head: string;
  readonly number: string;
  readonly digits: number;
}

const costs: readonly Column[] = [
  { head: 'wall s', number: 'wallSeconds', digits: 3 },
  { head: 'until on disk s', number: 'durableSeconds', digits: 3 },
  { head: 'CPU s device', number: 'deviceCpuSeconds', digits: 3 },
  { head: 'CPU s server', number: 'serverCpuSeconds', digits: 3 },
  { head: 'peak MB device', number: 'devicePeakMb', digits: 3 },
  { head: 'peak MB server', number: 'serverPeakMb', digits: 3 },
  { head: 'wire MB', number: 'wireMb', digits: 3 },
];

/** The results as Markdown: what was asked for, the roofline, every median. */
export function markdown(results: Results): string {
  const summary = summarise(comparable(results.samples));
  const { processor, cores, memoryGb, system, node, date } = results.machine;
  const commits = [
    ...new Set(
      comparable(results.samples)
        .filter(({ peer }) => peer === 'holdfast')
        .map(({ commit }) => commit),
    ),
  ];
  const parts = [
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}, ${date}; Holdfast at ${commits.join(', ')}.`,
  ];
  const met = targets(results, summary).map(({ what, asked, reached, isMet }) => [
    what,
    asked,
    reached,
    isMet ? 'yes' : '**no**',
  ]);
  if (met.length > 0) parts.push('## What was asked for', table(['', 'asked', 'reached', 'met'], met));
  if (results.limits !== null) {
    parts.push('## Roofline', rooflineTable(results.limits, summary, Object.keys(results.peers)));
  }
  parts.push('## Medians', costTable(results, summary));
  const others = otherTables(summary);
  parts.push(...others);
  const who = Object.values(results.peers).map(({ title, version, isEncrypted }) => [
    title,
    version,
    isEncrypted ? 'yes' : 'no',
  ]);
  parts.push('## Contestants', table(['', 'version', 'encrypts'], who));
  return `${parts.join('\n\n')}\n`;
}

function costTable(results: Results, summary: Summary): string {
  const rows: string[][] = [];
  for (const measure of measuresIn(summary)) {
    const byPeer = summary.get(measure) ?? new Map<string, Record<string, number>>();
    const mine = byPeer.get('holdfast')?.['wallSeconds'];
    for (const [peer, numbers] of inOrder(results, byPeer)) {
      const wall = numbers['wallSeconds'];
      if (wall === undefined) continue;
      const ratio = mine === undefined || peer === 'holdfast' ? '' : `${(wall / mine).toFixed(2)} ×`;
      const cells = costs.map(({ number, digits }) => {
        const value = numbers[number] ?? 0;
        return value === 0 ? '–' : String(Number(value.toPrecision(digits)));
      });
      const missed = (numbers['missed'] ?? 0) > 0 ? ` (missed ${numbers['missed']} files)` : '';
      rows.push([measure, `${peer}${missed}`, ratio, ...cells]);
    }
  }
  return table(['', '', 'against Holdfast', ...costs.map(({ head }) => head)], rows);
}

/** Measures that are no cost of a step: latency, idleness. */
function otherTables(summary: Summary): readonly string[] {
  const kinds: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['W6', ['p50Ms', 'p99Ms', 'maxMs', 'saves'], ['median ms', '99th percentile ms', 'most ms', 'saves']],
    ['W7', ['cpuPercent', 'devicePeakMb', 'residentMb', 'seconds'], ['CPU %', 'peak MB', 'own memory MB', 'over s']],
  ];
  return kinds.flatMap(([measure, numbers, heads]) => {
    const rows = [...(summary.get(measure) ?? [])].map(([peer, found]) => [
      measure,
      peer,
      ...numbers.map((name) => String(Number((found[name] ?? 0).toPrecision(3)))),
    ]);
    return rows.length === 0 ? [] : [table(['', '', ...heads], rows)];
  });
}

const inOrder = (
  results: Results,
  byPeer: ReadonlyMap<string, Readonly<Record<string, number>>>,
): (readonly [string, Readonly<Record<string, number>>])[] =>
  Object.keys(results.peers).flatMap((peer) => {
    const numbers = byPeer.get(peer);
    return numbers === undefined ? [] : [[peer, numbers] as const];
  });
