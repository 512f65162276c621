import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Field } from '../parts/field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';

/** Which files of a folder are left alone, on all computers. */
export function IgnoreRules({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const toast = useToast();
  const { data, error, refetch } = useAnswer('ignore-get', { pair });
  const [typed, setTyped] = useState<string | null>(null);
  const save = useAction('ignore-set', { onDone: () => toast.say(t.common.saved) });
  // What was saved is what is there, once it is; what is typed meanwhile stays.
  if (typed !== null && typed === data?.text) setTyped(null);
  return (
    <>
      <FailureNote error={error} onRetry={() => void refetch()} />
      <Field label={t.settings.ignoreRules} isLabelHidden hint={t.settings.ignoreText}>
        {(tie) => (
          <textarea
            {...tie}
            dir="ltr"
            spellCheck={false}
            placeholder={t.settings.ignoreExample}
            value={typed ?? data?.text ?? ''}
            disabled={data === undefined}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button
          isBusy={save.isPending}
          disabled={typed === null}
          onClick={() => typed !== null && save.mutate({ pair, text: typed })}
        >
          {t.common.save}
        </Button>
      </div>
    </>
  );
}
