import { useMessages } from '../i18n/messages.tsx';
import css from './recovery-words.module.css';

/** The words with their numbers, to be written down. */
export function RecoveryWords({ words }: { readonly words: readonly string[] }) {
  const t = useMessages();
  return (
    <ol className={css.words} aria-label={t.words.list} dir="ltr">
      {words.map((word, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and its place is what it is
        <li key={at}>
          <span>{at + 1}</span>
          {word}
        </li>
      ))}
    </ol>
  );
}
