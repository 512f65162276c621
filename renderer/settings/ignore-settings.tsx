import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Field } from '../parts/field.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';

/** Which files are left alone, for each folder. */
export function IgnoreSettings() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const pair = pairs.find((each) => each.pair === chosen) ?? pairs[0];
  if (pair === undefined) return null;
  return (
    <Card title={t.settings.ignore} text={t.settings.ignoreText}>
      {pairs.length < 2 ? null : (
        <SelectField
          label={t.settings.ignorePair}
          value={pair.pair as string}
          options={pairs.map((each) => ({ value: each.pair, label: each.vaultName }))}
          onChange={setChosen}
        />
      )}
      <Rules key={pair.pair} pair={pair.pair} />
    </Card>
  );
}

function Rules({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const toast = useToast();
  const { data, error } = useAnswer('ignore-get', { pair });
  const [typed, setTyped] = useState<string | null>(null);
  const save = useAction('ignore-set', {
    onDone: () => {
      setTyped(null);
      toast.say(t.common.saved);
    },
  });
  return (
    <>
      <FailureNote error={error} />
      <Field label={t.settings.ignoreRules}>
        {(tie) => (
          <textarea
            {...tie}
            dir="ltr"
            spellCheck={false}
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
