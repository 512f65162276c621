import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { catalogues } from './catalogues.ts';
import { en, type Messages } from './en.ts';
import { type Format, formatIn } from './format.ts';
import { phraseIn } from './phrase.ts';

interface Words {
  readonly messages: Messages;
  readonly format: Format;
  readonly language: string;
}

const wordsIn = (language: string): Words => ({
  messages: catalogues[language] ?? en,
  format: formatIn(language),
  language,
});

const Context = createContext<Words>(wordsIn('en'));

export function WordsProvider({ language, children }: { readonly language: string; readonly children: ReactNode }) {
  const words = useMemo(() => wordsIn(language), [language]);
  return <Context value={words}>{children}</Context>;
}

export const useMessages = (): Messages => useContext(Context).messages;
export const useFormat = (): Format => useContext(Context).format;
export const useLanguage = (): string => useContext(Context).language;

/** Sentences of the engine, in the window's language where the catalogue has them. */
export const usePhrase = (): ((text: string, path?: string | null) => string) => {
  const { phrases } = useMessages();
  return (text, path = null) => phraseIn(phrases, text, path);
};
