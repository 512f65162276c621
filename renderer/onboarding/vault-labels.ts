import { printable } from '../../src/common/printable.ts';
import type { VaultInfo } from '../../src/rpc/app-report.ts';

/** What a choice of vaults shows of each: its name; where that tells it from no other one, also what there is of it. */
export function vaultLabels<V extends Pick<VaultInfo, 'vault' | 'name' | 'bytes'>>(
  vaults: readonly V[],
  bytesText: (bytes: number) => string,
): readonly { readonly vault: V['vault']; readonly label: string }[] {
  const shown = (each: V): string => printable(each.name).trim();
  return vaults.map((each) => {
    const name = shown(each);
    const isTold = name !== '' && vaults.every((other) => other === each || shown(other) !== name);
    const id = each.vault.slice(0, 8);
    const more = each.bytes === null ? id : `${bytesText(each.bytes)} · ${id}`;
    return { vault: each.vault, label: isTold ? name : `${name} (${more})`.trim() };
  });
}
