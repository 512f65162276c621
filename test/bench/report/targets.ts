import type { Results } from '../results.ts';
import { best, medianOf, type Summary } from './summary.ts';

/** What was set out to be reached, and what is. */
export interface Target {
  readonly what: string;
  readonly asked: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** Every target that the results say something about. */
export function targets(results: Results, summary: Summary): readonly Target[] {
  const found: Target[] = [];
  const ours = (measure: string, number: string): number | null => medianOf(summary, measure, 'holdfast', number);
  const httpEncrypted = (peer: Results['peers'][string]): boolean => peer.isEncrypted && peer.isRemote;
  const encrypted = (peer: Results['peers'][string]): boolean => peer.isEncrypted;
  const isRestic = (_: unknown, name: string): boolean => name === 'restic';

  /** Ours, until it is on the disk, is at least `times` as fast as the fastest of those that are meant. */
  const faster = (measure: string, times: number, whom: string, isMeant: Parameters<typeof best>[4]): void => {
    const mine = ours(measure, 'durableSeconds');
    const other = best(summary, results, measure, 'wallSeconds', isMeant);
    if (mine === null || other === null) return;
    const ratio = other.value / mine;
    found.push({
      what: `${measure} against ${whom}`,
      asked: `${times} times as fast`,
      reached: `${ratio.toFixed(2)} times (${other.peer} ${other.value.toFixed(2)} s, Holdfast ${mine.toFixed(2)} s)`,
      isMet: ratio >= times,
    });
  };
  const below = (measure: string, number: string, most: number, unit: string, what: string): void => {
    const value = ours(measure, number);
    if (value === null) return;
    found.push({
      what: `${measure}: ${what}`,
      asked: `under ${most} ${unit}`,
      reached: `${Number(value.toPrecision(3))} ${unit}`,
      isMet: value < most,
    });
  };

  faster(
    'W1 up',
    2.2,
    'the fastest encrypting one over HTTP',
    (peer, name) => httpEncrypted(peer) && name !== 'syncthing',
  );
  faster('W1 down', 1, 'the fastest encrypting one', encrypted);
  faster('W2 up', 1.5, 'restic', isRestic);
  faster('W2 down', 1, 'restic', isRestic);
  faster('W3 up', 2.5, 'the fastest encrypting one', encrypted);
  below('W3 up', 'wireMb', 10, 'MB', 'sent');
  below('W4 up', 'wallSeconds', 0.2, 's', 'time');
  below('W4 watched', 'wallSeconds', 0.2, 's', 'time');
  below('W4 up', 'wireMb', 0.004, 'MB', 'sent');
  faster('W5 again', 3, 'restic', isRestic);
  below('W5 again', 'devicePeakMb', 200, 'MB', 'peak memory');
  faster('W5 first up', 1, 'restic', isRestic);
  below('W6', 'p50Ms', 60, 'ms', 'median');
  below('W6', 'p99Ms', 250, 'ms', '99th percentile');
  below('W7', 'cpuPercent', 0.1, '%', 'processor');
  below('W7', 'devicePeakMb', 150, 'MB', 'peak memory');
  return found;
}
