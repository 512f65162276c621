import { useEffect, useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useAction } from '../state/use-action.ts';
import css from './onboarding.module.css';
import { Step } from './step.tsx';

interface CheckWordsStepProps {
  readonly words: readonly string[];
  readonly onBack: () => void;
  readonly onNext: () => void;
}

const asked = 3;

/** Places to ask for, in order: any three of them, so that whoever did not keep the words cannot guess which. */
function places(count: number): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(asked, count)) {
    chosen.add((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % count);
  }
  return [...chosen].sort((a, b) => a - b);
}

export function CheckWordsStep({ words, onBack, onNext }: CheckWordsStepProps) {
  const t = useMessages();
  const [at] = useState(() => places(words.length));
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [checks, setChecks] = useState(0);
  const isChecked = checks > 0;
  const confirm = useAction('confirm-words');
  const isRight = (place: number): boolean => (typed[place] ?? '').trim().toLowerCase() === words[place];
  const check = () => {
    setChecks(checks + 1);
    if (!at.every(isRight)) return;
    confirm.mutate({});
    onNext();
  };
  // Who does not see the colour is told by being there.
  useEffect(() => {
    if (checks > 0) document.querySelector<HTMLElement>('main [aria-invalid=true]')?.focus();
  }, [checks]);
  return (
    <Step
      title={t.words.checkTitle}
      text={t.words.checkText}
      onSubmit={check}
      footer={
        <>
          <Button look="quiet" onClick={onBack}>
            {t.words.again}
          </Button>
          <Button type="submit" look="strong">
            {t.words.check}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {at.map((place, index) => (
          <TextField
            key={place}
            label={t.words.word(place + 1)}
            value={typed[place] ?? ''}
            problem={isChecked && !isRight(place) ? t.words.wrong : null}
            onChange={(value) => setTyped({ ...typed, [place]: value })}
            autoComplete="off"
            {...(index === 0 ? { 'data-first': true } : {})}
          />
        ))}
      </div>
    </Step>
  );
}
