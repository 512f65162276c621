import { useEffect, useState } from 'react';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { likelyVault } from './likely-vault.ts';
import { folderName, newVaultName } from './new-vault-name.ts';

/** What was chosen before, by whoever comes back to choose anew. */
export interface FolderChoice {
  readonly folder: string;
  readonly vault: string;
}

/** A folder and a vault to be synced. The pair is added paused, so that its first sync can be looked at beforehand. */
export function useFolderForm(
  onAdded: (pair: string, choice: FolderChoice) => void,
  before: FolderChoice | null = null,
) {
  const { data: info } = useAnswer('app-info', {});
  const { data: vaults, isPending } = useAnswer('vaults', {});
  const [typed, setFolder] = useState<string | null>(before?.folder ?? null);
  const [chosen, setVault] = useState<string | null>(before?.vault ?? null);
  const add = useAction('add', {
    isQuiet: true,
    onDone: ({ pair, folder, vault }) => onAdded(pair, { folder, vault }),
  });

  const free = vaults?.vaults.filter(({ pair }) => pair === null) ?? [];
  const folder = typed ?? info?.proposedFolder ?? '';
  /** Its id; empty: a new one. */
  const vault = chosen ?? likelyVault(folder, vaults?.vaults ?? []);
  const taken = vaults?.vaults.map(({ name }) => name) ?? [];
  const newVault = newVaultName(folder, taken);
  const isRenamed = newVault !== folderName(folder);
  /** Somebody may be quicker than the answer to which vaults there are. */
  const [isWanted, setWanted] = useState(false);
  useEffect(() => {
    if (!isWanted || isPending) return;
    setWanted(false);
    add.mutate({ folder, vault: vault !== '' ? vault : isRenamed ? newVault : null, isPaused: true });
  });

  return {
    folder,
    setFolder,
    vault,
    setVault,
    free,
    newVault,
    /** The folder's own name is that of another vault: who asks for a new one does not want that. */
    isRenamed,
    isBusy: isWanted || add.isPending,
    error: add.error,
    submit: () => {
      if (folder !== '') setWanted(true);
    },
  };
}

export type FolderForm = ReturnType<typeof useFolderForm>;
