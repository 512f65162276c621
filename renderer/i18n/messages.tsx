import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { must } from '../../src/common/errors.ts';
import { printable } from '../../src/common/printable.ts';
import { catalogues } from './catalogues.ts';
import { en, type Messages } from './en.ts';
import { type Format, formatIn } from './format.ts';
import { type Phrasing, phrasesIn } from './phrase.ts';

interface Words {
  readonly messages: Messages;
  readonly format: Format;
  readonly phrase: Phrasing;
}

function wordsIn(language: string): Words {
  const messages = catalogues[language] ?? en;
  // English is written otherwise in London than in New York.
  const format = formatIn(navigator.languages.find((tag) => tag.split('-', 1)[0] === language) ?? language);
  const phrase = phrasesIn(messages.phrases, format);
  return { messages, format, phrase: (text, path) => printable(phrase(text, path)) };
}

const Context = createContext<Words | null>(null);

/** Another number each minute, for whoever looks: what was “now” is a minute ago. */
function useMinute(): number {
  const [minute, setMinute] = useState(0);
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden) setMinute(Math.floor(Date.now() / 60_000));
    };
    const timer = setInterval(look, 30_000);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return minute;
}

export function WordsProvider({ language, children }: { readonly language: string; readonly children: ReactNode }) {
  const known = useMemo(() => wordsIn(language), [language]);
  const minute = useMinute();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same words, told anew to all who say how long ago something was
  const words = useMemo(() => ({ ...known }), [known, minute]);
  return <Context value={words}>{children}</Context>;
}

export const useMessages = (): Messages => must(useContext(Context)).messages;
export const useFormat = (): Format => must(useContext(Context)).format;

/** Sentences of the engine, in the window's language where the catalogue has them. */
export const usePhrase = (): Phrasing => must(useContext(Context)).phrase;
