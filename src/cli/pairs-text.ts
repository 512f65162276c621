import { printable } from '../common/printable.ts';
import type { PairInfo } from '../rpc/home-report.ts';
import { table } from './table.ts';

export function pairsText(pairs: readonly PairInfo[]): string {
  if (pairs.length === 0) return 'No folder is synced on this device yet. Add one with: holdfast add FOLDER';
  return table(
    ['PAIR', 'VAULT', 'FOLDER', ''],
    pairs.map(({ pair, vaultName, folder, isPaused }) => [
      pair.slice(0, 8),
      printable(vaultName),
      printable(folder),
      isPaused ? 'paused' : '',
    ]),
  );
}
