import { type ReactNode, useState } from 'react';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { FolderPicker } from './folder-picker.tsx';

interface FolderAsking {
  /** By the system's dialog where there is one. */
  readonly choose: () => void;
  /** The system's dialog is open. */
  readonly isAsking: boolean;
  /** The window's own dialog; for whoever asks to show. */
  readonly picker: ReactNode;
}

/** Asks a person for a folder of this computer. */
export function useFolderChoice(onChosen: (folder: string) => void): FolderAsking {
  const { data: info, refetch } = useAnswer('app-info', {});
  const [isPicking, setPicking] = useState(false);
  const ask = useAction('choose-folder', { onDone: ({ folder }) => folder !== null && onChosen(folder) });
  const picker = isPicking ? (
    <FolderPicker
      onClose={() => setPicking(false)}
      onPick={(folder) => {
        setPicking(false);
        onChosen(folder);
      }}
    />
  ) : null;
  const choose = async () => {
    // Who is faster than the first answer gets what it says all the same.
    const { canChooseFolder = false } = info ?? (await refetch()).data ?? {};
    if (canChooseFolder) ask.mutate({});
    else setPicking(true);
  };
  return { choose, isAsking: ask.isPending, picker };
}
