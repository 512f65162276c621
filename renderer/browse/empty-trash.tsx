import { useState } from 'react';
import type { TrashItem } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

export const sizeOf = (items: readonly TrashItem[]): number => items.reduce((sum, { size }) => sum + size, 0);

/** Gives the room back that this computer's own trash takes, once a person has said so. */
export function EmptyTrash({ pair, items }: { readonly pair: string; readonly items: readonly TrashItem[] }) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const empty = useAction('empty-trash', {
    onDone: () => {
      setAsking(false);
      toast.say(t.trash.cleared);
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t.trash.clear}</Button>
      {isAsking ? (
        <Confirm
          title={t.trash.clearTitle}
          text={t.trash.clearText(items.length, format.bytes(sizeOf(items)))}
          verb={t.trash.clear}
          isDanger
          isBusy={empty.isPending}
          onConfirm={() => empty.mutate({ pair })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
