import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { copyText } from '../parts/copy-text.ts';
import { useSaveText } from '../parts/use-save-text.ts';
import css from './onboarding.module.css';
import { Step } from './step.tsx';

interface WordsStepProps {
  readonly email: string;
  readonly words: readonly string[];
  readonly onNext: () => void;
}

const numbered = (words: readonly string[]): string => words.map((word, at) => `${at + 1}. ${word}`).join('\n');

/** Shows the recovery words, this once. */
export function WordsStep({ email, words, onNext }: WordsStepProps) {
  const t = useMessages();
  const { save, isBusy } = useSaveText();
  const [isCopied, setCopied] = useState(false);
  const copy = () => void copyText(words.join(' ')).then(setCopied);
  return (
    <Step
      title={t.words.title}
      text={t.words.text}
      onSubmit={onNext}
      footer={
        <>
          <div className={css.keep}>
            <Button icon={<Copy />} onClick={copy}>
              {isCopied ? t.common.copied : t.common.copy}
            </Button>
            <Button
              icon={<Download />}
              isBusy={isBusy}
              onClick={() => save(t.words.file, t.words.fileText(email, numbered(words)))}
            >
              {t.words.download}
            </Button>
          </div>
          <Button type="submit" look="strong">
            {t.words.next}
          </Button>
        </>
      }
    >
      <ol className={css.words} aria-label={t.words.list} dir="ltr">
        {words.map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place is what it is
          <li key={at}>
            <span>{at + 1}</span>
            {word}
          </li>
        ))}
      </ol>
    </Step>
  );
}
