import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus, TrashItem } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

export const sizeOf = (items: readonly TrashItem[]): number => items.reduce((sum, { size }) => sum + size, 0);

interface EmptyTrashProps {
  readonly pair: Pick<PairStatus, 'pair' | 'vaultName'>;
  readonly items: readonly TrashItem[];
}

/** Gives the room back that a folder's own trash takes on this computer, once a person has said so. */
export function EmptyTrash({ pair: { pair, vaultName }, items }: EmptyTrashProps) {
  const t = useMessages();
  const format = useFormat();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const name = printable(vaultName);
  const empty = useAction('empty-trash', {
    onDone: () => {
      setAsking(false);
      toast.say(t.trash.cleared(name));
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t.trash.clear}</Button>
      {isAsking ? (
        <Confirm
          title={t.trash.clearTitle(name)}
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
