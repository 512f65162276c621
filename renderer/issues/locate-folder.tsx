import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { FolderPicker } from '../onboarding/folder-picker.tsx';
import { Button } from '../parts/button.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';

/** For a folder that is not at its place: its person says where it is now, by the system's dialog where there is one. */
export function LocateFolder({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const toast = useToast();
  const { data: info } = useAnswer('app-info', {});
  const [isPicking, setPicking] = useState(false);
  const locate = useAction('locate', { onDone: ({ folder }) => toast.say(t.issues.located(printable(folder))) });
  const ask = useAction('choose-folder', {
    onDone: ({ folder }) => folder !== null && locate.mutate({ pair, folder }),
  });
  return (
    <>
      <Button
        isBusy={ask.isPending || locate.isPending}
        onClick={() => (info?.canChooseFolder === true ? ask.mutate({}) : setPicking(true))}
      >
        {t.issues.locate}
      </Button>
      {isPicking ? (
        <FolderPicker
          onClose={() => setPicking(false)}
          onPick={(folder) => {
            setPicking(false);
            locate.mutate({ pair, folder });
          }}
        />
      ) : null}
    </>
  );
}
