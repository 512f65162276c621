import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { useFolderChoice } from '../onboarding/use-folder-choice.tsx';
import { Button } from '../parts/button.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

/** For a folder that is not at its place: its person says where it is now. */
export function LocateFolder({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const toast = useToast();
  const locate = useAction('locate', { onDone: ({ folder }) => toast.say(t.issues.located(printable(folder))) });
  const { choose, isAsking, picker } = useFolderChoice((folder) => locate.mutate({ pair, folder }));
  return (
    <>
      <Button isBusy={isAsking || locate.isPending} onClick={choose}>
        {t.issues.locate}
      </Button>
      {picker}
    </>
  );
}
