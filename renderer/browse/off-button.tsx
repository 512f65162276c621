import { CloudDownload, CloudOff } from 'lucide-react';
import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAction } from '../state/use-action.ts';

interface OffButtonProps {
  readonly pair: string;
  readonly entry: Pick<VaultEntry, 'path' | 'name'>;
  readonly isOff: boolean;
}

/** Takes a file or folder off this computer, or brings it back; the vault and other computers keep it. */
export function OffButton({ pair, entry, isOff }: OffButtonProps) {
  const t = useMessages();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const name = printable(entry.name);
  const select = useAction('select', {
    onDone: () => {
      setAsking(false);
      toast.say(isOff ? t.off.back(name) : t.off.gone(name));
    },
  });
  if (isOff) {
    return (
      <Button
        icon={<CloudDownload />}
        isBusy={select.isPending}
        onClick={() => select.mutate({ pair, path: entry.path, isSelected: true })}
      >
        {t.off.bringBack}
      </Button>
    );
  }
  return (
    <>
      <Button icon={<CloudOff />} onClick={() => setAsking(true)}>
        {t.off.take}
      </Button>
      {isAsking ? (
        <Confirm
          title={t.off.title(name)}
          text={t.off.text}
          verb={t.off.take}
          isBusy={select.isPending}
          onConfirm={() => select.mutate({ pair, path: entry.path, isSelected: false })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
