import type { Results, Sample } from '../results.ts';

/** Medians of each number, by measure and contestant. */
export type Summary = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, number>>>>;

export function summarise(samples: readonly Sample[]): Summary {
  const summary = new Map<string, Map<string, Record<string, number>>>();
  const groups = Map.groupBy(samples, ({ measure, peer }) => `${measure}\n${peer}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const names = new Set(group.flatMap(({ numbers }) => Object.keys(numbers)));
    const medians: Record<string, number> = {};
    for (const name of names) medians[name] = median(group.flatMap(({ numbers }) => numbers[name] ?? []));
    const byPeer = summary.get(first.measure) ?? new Map<string, Record<string, number>>();
    summary.set(first.measure, byPeer.set(first.peer, medians));
  }
  return summary;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, two) => one - two);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** One median; null if it was not measured. */
export const medianOf = (summary: Summary, measure: string, peer: string, number: string): number | null =>
  summary.get(measure)?.get(peer)?.[number] ?? null;

/** Number by number and contestant by contestant in the order of the table. */
export const measuresIn = (summary: Summary): readonly string[] =>
  [...summary.keys()].toSorted((one, two) => rank(one) - rank(two) || one.localeCompare(two));

const steps = ['up', 'down', 'across'];
const rank = (measure: string): number => {
  const step = steps.findIndex((name) => measure.endsWith(` ${name}`));
  return Number(measure.slice(1, 2)) * 100 + (measure.includes('again') ? 50 : 0) + step + 1;
};

/** The least median among contestants other than Holdfast for which `isMeant` holds. */
export function best(
  summary: Summary,
  results: Results,
  measure: string,
  number: string,
  isMeant: (peer: Results['peers'][string], name: string) => boolean,
): { readonly peer: string; readonly value: number } | null {
  let found: { peer: string; value: number } | null = null;
  for (const [peer, numbers] of summary.get(measure) ?? []) {
    const [about, value] = [results.peers[peer], numbers[number]];
    if (peer === 'holdfast' || about === undefined || value === undefined || !isMeant(about, peer)) continue;
    if (found === null || value < found.value) found = { peer, value };
  }
  return found;
}
