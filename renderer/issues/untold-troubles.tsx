import type { PairStatus } from '../../src/model/status.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Name } from '../parts/name.tsx';
import { Note } from '../parts/note.tsx';
import { untoldTrouble } from '../state/untold-trouble.ts';
import { useAction } from '../state/use-action.ts';
import css from './issues.module.css';

/** What keeps folders from syncing and is no issue of one of them, each reason once, with whom it concerns. */
export function UntoldTroubles({ pairs }: { readonly pairs: readonly PairStatus[] }) {
  const t = useMessages();
  const phrase = usePhrase();
  const sync = useAction('sync');
  return [...Map.groupBy(pairs, untoldTrouble)].map(([trouble, concerned]) =>
    trouble === null ? null : (
      <Note
        key={trouble}
        tone="warn"
        title={phrase(trouble)}
        actions={
          <Button isBusy={sync.isPending} onClick={() => sync.mutate({ pair: null })}>
            {t.issues.choice.retry}
          </Button>
        }
      >
        {concerned.map(({ pair, folder }) => (
          <p key={pair} className={css.where}>
            <Name>{folder}</Name>
          </p>
        ))}
      </Note>
    ),
  );
}
