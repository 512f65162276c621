import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { KeepWords } from '../parts/keep-words.tsx';
import { RecoveryWords } from '../parts/recovery-words.tsx';
import { Step } from './step.tsx';

interface WordsStepProps {
  readonly email: string;
  readonly words: readonly string[];
  readonly onNext: () => void;
}

/** Shows the recovery words, this once. */
export function WordsStep({ email, words, onNext }: WordsStepProps) {
  const t = useMessages();
  return (
    <Step
      title={t.words.title}
      text={t.words.text}
      onSubmit={onNext}
      footer={
        <>
          <KeepWords email={email} words={words} />
          <Button type="submit" look="strong">
            {t.words.next}
          </Button>
        </>
      }
    >
      <RecoveryWords words={words} />
    </Step>
  );
}
