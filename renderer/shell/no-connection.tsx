import { Unplug } from 'lucide-react';
import { HoldfastError } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useStarted } from './use-started.ts';

/** Before anything could be asked: the address was used up, or nobody answers. */
export function NoConnection({ error }: { readonly error: unknown }) {
  const t = useMessages();
  useStarted(true);
  const needsAddress = error instanceof HoldfastError && error.reason === 'no-ticket';
  return (
    <main>
      <h1 className="hidden">{t.app}</h1>
      <Empty
        icon={<Unplug />}
        title={needsAddress ? t.offline.ticket : t.offline.title}
        text={needsAddress ? t.offline.ticketHint : t.offline.text}
      >
        {needsAddress ? null : <Button onClick={() => location.reload()}>{t.common.retry}</Button>}
      </Empty>
    </main>
  );
}
