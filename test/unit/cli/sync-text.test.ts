import { describe, expect, it } from 'vitest';
import { syncText } from '../../../src/cli/sync.ts';
import type { SyncReport } from '../../../src/rpc/home-report.ts';
import { noCounts } from '../../helpers/no-counts.ts';

const report = (change: Partial<SyncReport>): SyncReport => ({
  converged: true,
  state: 'up-to-date',
  ...noCounts,
  pairs: [],
  ...change,
});

describe('what a sync tells people', () => {
  it('is short where nothing else happened', () => {
    expect(syncText(report({ filesUp: 1, bytesUp: 2048 }))).toBe(
      'Up to date: 1 file up (2.0 KiB), 0 files down (0 B).',
    );
  });

  it('names moves and deletes on either side, and what is left', () => {
    const done = report({ movesUp: 1, movesDown: 2, deletesUp: 3, deletesDown: 4, conflicts: 1 });
    expect(syncText(done)).toBe(
      'Up to date: 0 files up (0 B), 0 files down (0 B), 2 moved here, 1 moved in the vault, 4 deleted here, ' +
        '3 deleted in the vault, 1 conflict.',
    );
    expect(syncText(report({ converged: false, left: 1 }))).toBe(
      'Not done: 0 files up (0 B), 0 files down (0 B).\nLeft to do: 1 file or folder.',
    );
    expect(syncText(report({ converged: false, left: 2, held: 3, issues: 1 }))).toBe(
      'Not done: 0 files up (0 B), 0 files down (0 B).\nLeft to do: 2 files and folders.\n' +
        '3 operations held: see `issues`, then `resolve`.',
    );
  });
});
