import { printable } from '../common/printable.ts';
import type { VaultInfo } from '../rpc/app-report.ts';
import type { PairInfo } from '../rpc/home-report.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText } from './format.ts';
import { table } from './table.ts';

export const define: Define = (_command, run) => {
  run(async (invocation) => {
    const [list, pairs] = await withService(invocation, async (service) => [
      await service.vaults({}),
      (await service.pairs({})).pairs,
    ]);
    invocation.output.result(list, () => vaultsText(list.vaults, pairs));
    return exitCode.done;
  });
};

export function vaultsText(vaults: readonly VaultInfo[], pairs: readonly PairInfo[]): string {
  if (vaults.length === 0) return 'The account has no vault yet. Create one with: holdfast add FOLDER';
  const folderOf = (pair: string | null): string => pairs.find((each) => each.pair === pair)?.folder ?? '';
  const rows = vaults.map(({ vault, name, bytes, pair }) => [
    vault.slice(0, 8),
    printable(name),
    bytes === null ? 'unknown' : bytesText(bytes),
    printable(folderOf(pair)),
  ]);
  return table(['VAULT', 'NAME', 'ON THE SERVER', 'FOLDER HERE'], rows, new Set(['ON THE SERVER']));
}
