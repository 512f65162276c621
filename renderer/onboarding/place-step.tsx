import { Laptop, Server } from 'lucide-react';
import { useState } from 'react';
import { isKind } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useAction } from '../state/use-action.ts';
import css from './onboarding.module.css';
import { Step } from './step.tsx';

interface PlaceStepProps {
  readonly onNext: (server: string, isHere: boolean) => void;
}

/** Where the sealed files are kept. */
export function PlaceStep({ onNext }: PlaceStepProps) {
  const t = useMessages();
  const [isHere, setHere] = useState(true);
  const [server, setServer] = useState('');
  const onDone = (found: { server: string; isThisComputer: boolean }) => onNext(found.server, found.isThisComputer);
  const here = useAction('this-computer', { isQuiet: true, onDone });
  const there = useAction('check-server', { isQuiet: true, onDone });
  const isBusy = here.isPending || there.isPending;
  return (
    <Step
      title={t.welcome.title}
      text={t.welcome.text}
      onSubmit={() => (isHere ? here.mutate({}) : there.mutate({ server: server.trim() }))}
      footer={
        <>
          <span />
          <Button type="submit" look="strong" isBusy={isBusy} disabled={!isHere && server.trim() === ''}>
            {isBusy ? t.welcome.checking : t.common.next}
          </Button>
        </>
      }
    >
      <fieldset className={css.choices}>
        <legend className="hidden">{t.welcome.title}</legend>
        <label className={css.choice}>
          <Laptop aria-hidden="true" />
          <span>
            <strong>{t.welcome.here}</strong>
            {t.welcome.hereText}
          </span>
          <input type="radio" name="place" checked={isHere} onChange={() => setHere(true)} />
        </label>
        <label className={css.choice}>
          <Server aria-hidden="true" />
          <span>
            <strong>{t.welcome.server}</strong>
            {t.welcome.serverText}
          </span>
          <input type="radio" name="place" checked={!isHere} onChange={() => setHere(false)} />
        </label>
      </fieldset>
      {isHere ? null : (
        <TextField
          label={t.welcome.address}
          hint={t.welcome.addressHint}
          value={server}
          onChange={setServer}
          type="url"
          inputMode="url"
          dir="ltr"
        />
      )}
      <FailureNote
        error={isHere ? here.error : there.error}
        advice={!isHere && isKind(there.error, 'offline') ? t.welcome.unreachable : null}
      />
    </Step>
  );
}
