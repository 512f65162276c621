import { useState } from 'react';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { likelyVault } from './likely-vault.ts';

/** What was chosen before, by whoever comes back to choose anew. */
export interface FolderChoice {
  readonly folder: string;
  readonly vaultName: string;
}

/** A folder and a vault to be synced. The pair is added paused, so that its first sync can be looked at beforehand. */
export function useFolderForm(
  onAdded: (pair: string, choice: FolderChoice) => void,
  before: FolderChoice | null = null,
) {
  const { data: info } = useAnswer('app-info', {});
  const { data: vaults } = useAnswer('vaults', {});
  const [typed, setFolder] = useState<string | null>(before?.folder ?? null);
  const [chosen, setVault] = useState<string | null>(before?.vaultName ?? null);
  const add = useAction('add', {
    isQuiet: true,
    onDone: ({ pair, folder, vaultName }) => onAdded(pair, { folder, vaultName }),
  });

  const free = vaults?.vaults.filter(({ pair }) => pair === null) ?? [];
  const folder = typed ?? info?.proposedFolder ?? '';
  /** Empty: a new one. */
  const vault = chosen ?? likelyVault(folder, vaults?.vaults ?? []);
  return {
    folder,
    setFolder,
    vault,
    setVault,
    free,
    canChooseFolder: info?.canChooseFolder ?? false,
    isBusy: add.isPending,
    error: add.error,
    submit: () => {
      if (folder !== '') add.mutate({ folder, vault: vault === '' ? null : vault, isPaused: true });
    },
  };
}

export type FolderForm = ReturnType<typeof useFolderForm>;
