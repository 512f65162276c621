import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import css from './recovery-words.module.css';
import { useSaveText } from './use-save-text.ts';

const numbered = (words: readonly string[]): string => words.map((word, at) => `${at + 1}. ${word}`).join('\n');

/** Other ways to keep the recovery words than by hand. */
export function KeepWords({ email, words }: { readonly email: string; readonly words: readonly string[] }) {
  const t = useMessages();
  const { save, isBusy } = useSaveText();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={css.keep}>
      <Button icon={<Copy />} onClick={() => void copyText(words.join(' ')).then(setCopied)}>
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
  );
}
