import { describe, expect, it } from 'vitest';
import { exitCodeOf, syncExitCode } from '../../../src/cli/exit-code.ts';
import type { PairId } from '../../../src/common/ids.ts';
import type { HomeState, SyncReport } from '../../../src/rpc/home-report.ts';
import { noCounts } from '../../helpers/no-counts.ts';

const report = (states: readonly HomeState[], change: Partial<SyncReport> = {}): SyncReport => {
  const counts = {
    converged: true,
    ...noCounts,
  };
  const pairs = states.map((state) => ({
    ...counts,
    state,
    pair: 'a'.repeat(32) as PairId,
    folder: '/f',
    message: '',
  }));
  return { ...counts, state: 'up-to-date', pairs, ...change };
};

describe('exit codes', () => {
  it.each([
    ['usage', 1],
    ['missing', 1],
    ['offline', 3],
    ['refused', 4],
    ['io', 4],
    ['version', 4],
    ['security', 5],
    ['bug', 70],
  ] as const)('%s is %d', (kind, code) => expect(exitCodeOf(kind)).toBe(code));

  it('of a sync is the most serious of its pairs', () => {
    expect(syncExitCode(report(['up-to-date']))).toBe(0);
    expect(syncExitCode(report(['up-to-date'], { issues: 1 }))).toBe(2);
    expect(syncExitCode(report(['up-to-date'], { held: 3 }))).toBe(2);
    expect(syncExitCode(report(['paused'], { converged: false }))).toBe(2);
    expect(syncExitCode(report(['root-missing', 'up-to-date'], { converged: false, issues: 1 }))).toBe(2);
    expect(syncExitCode(report(['offline', 'up-to-date'], { converged: false, issues: 1 }))).toBe(3);
    expect(syncExitCode(report(['offline', 'frozen'], { converged: false }))).toBe(5);
  });
});
