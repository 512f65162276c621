import { printable } from '../common/printable.ts';
import type { PairInfo } from '../rpc/home-report.ts';
import { pausedText } from './paused-text.ts';
import { table } from './table.ts';

export function pairsText(pairs: readonly PairInfo[]): string {
  if (pairs.length === 0) return 'No folder is synced on this device yet. Add one with: holdfast add FOLDER';
  return table(
    ['PAIR', 'VAULT', 'FOLDER', ''],
    pairs.map((pair) => [
      pair.pair.slice(0, 8),
      printable(pair.vaultName),
      printable(pair.folder),
      pair.isPaused ? pausedText(pair) : '',
    ]),
  );
}
