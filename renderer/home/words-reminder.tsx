import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Note } from '../parts/note.tsx';
import { ChangeWords } from '../settings/change-words.tsx';
import { useAnswer } from '../state/queries.ts';

/** Says that recovery words were shown and not confirmed, and leads to new ones; nothing if they are kept. */
export function WordsReminder() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const [isAsking, setAsking] = useState(false);
  const account = status?.account;
  if (account == null) return null;
  return (
    <>
      {account.areWordsUnconfirmed ? (
        <Note
          tone="info"
          title={t.words.unconfirmedTitle}
          actions={<Button onClick={() => setAsking(true)}>{t.settings.words}</Button>}
        >
          {t.words.unconfirmed}
        </Note>
      ) : null}
      {isAsking ? <ChangeWords email={account.email} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
